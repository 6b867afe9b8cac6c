#include "git/checkout_reuse.h"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/stamp.h"

namespace quire::git {

namespace {

constexpr uint32_t type_bits = 0170000, submodule = 0160000;
/// Deeper directories are not worth the descriptors.
constexpr int deepest = 100;

/// Entries with a common directory: those with the indexes from `begin` up to `end`, whose paths begin alike.
struct Range {
    size_t begin, end;
    size_t prefix; ///< the length of what their paths begin with, slash included
};

using Entries = std::vector<IndexEntry>;

std::string_view prefix_of(const Entries& entries, Range range)
{
    return entries[range.begin].path.substr(0, range.prefix);
}

std::string path_of(const Entries& entries, Range range)
{
    std::string_view prefix = prefix_of(entries, range);
    return std::string(prefix.substr(0, prefix.size() - 1));
}

/// Calls `file` with the index of each entry that lies in the directory itself, and `directory` with the range of each
/// directory in it, and both with the name.
template <class F, class D>
void for_each(const Entries& entries, Range range, F file, D directory)
{
    for (size_t i = range.begin; i < range.end;) {
        std::string_view path = entries[i].path;
        size_t slash = path.find('/', range.prefix);
        std::string name(path.substr(range.prefix, slash == std::string_view::npos ? slash : slash - range.prefix));
        if (slash == std::string_view::npos) {
            file(i++, name);
            continue;
        }
        Range inner{i, i, slash + 1};
        while (inner.end < range.end && entries[inner.end].path.starts_with(path.substr(0, slash + 1)))
            ++inner.end;
        directory(inner, name);
        i = inner.end;
    }
}

Result<UniqueFd> open(int parent, const std::string& name)
{
    return sys::open_at(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

/// Finds what is wanted and untouched among some of the entries.
class Search {
public:
    Search(const CheckoutNote& note, const Entries& entries, const std::vector<bool>& wanted, std::vector<char>& found)
        : m_note(note), m_entries(entries), m_wanted(wanted), m_found(found)
    {}

    /// Looks at the files below an open directory. true: all of them are found.
    bool look(int directory, Range range, int depth = 0)
    {
        bool whole = true;
        for_each(
            m_entries, range,
            [&](size_t i, const std::string& name) {
                bool found = m_wanted[i] && is_untouched(directory, name, m_entries[i]);
                m_found[i] = found;
                whole &= found;
            },
            [&](Range inner, const std::string& name) {
                auto opened = open(directory, name);
                bool is_whole = opened && depth < deepest && look(opened->get(), inner, depth + 1) && !is_cut(inner) &&
                                is_directory_untouched(opened->get(), inner);
                if (is_whole)
                    m_whole.insert(path_of(m_entries, inner));
                whole &= is_whole;
            });
        return whole;
    }

    std::unordered_set<std::string>& whole() { return m_whole; }

private:
    /// Whether other entries lie in the same directory, which another search looks at.
    bool is_cut(Range range) const
    {
        std::string_view prefix = prefix_of(m_entries, range);
        return (range.begin > 0 && m_entries[range.begin - 1].path.starts_with(prefix)) ||
               (range.end < m_entries.size() && m_entries[range.end].path.starts_with(prefix));
    }

    /// A submodule's directory belongs to whoever filled it.
    bool is_untouched(int directory, const std::string& name, const IndexEntry& entry) const
    {
        if ((entry.mode() & type_bits) == submodule || entry.changed_at() >= m_note.at)
            return false;
        auto status = sys::stat_at(directory, name);
        return status && *status && ((*status)->st_mode & type_bits) == (entry.mode() & type_bits) &&
               index_fields(entry.mode(), **status) == entry.fields;
    }

    bool is_directory_untouched(int directory, Range range) const
    {
        auto noted = m_note.directories.find(path_of(m_entries, range));
        auto stamp = sys::stamp_of(directory, "a directory");
        return noted != m_note.directories.end() && stamp && stamp->changed < m_note.at &&
               stamp->str() == noted->second;
    }

    const CheckoutNote& m_note;
    const Entries& m_entries;
    const std::vector<bool>& m_wanted;
    std::vector<char>& m_found;
    std::unordered_set<std::string> m_whole; ///< directories
};

class Mover {
public:
    Mover(const CheckoutNote& note, const Entries& entries, const std::vector<bool>& wanted)
        : m_entries(entries), m_found(entries.size()),
          m_searches{Search(note, entries, wanted, m_found), Search(note, entries, wanted, m_found)}
    {}

    /// Half of many files is looked at by another thread: nearly all of the time goes into the system's answers.
    void look(int directory)
    {
        constexpr size_t many = 5000;
        size_t middle = m_entries.size() < many ? 0 : m_entries.size() / 2;
        std::thread other;
        if (middle > 0)
            other = std::thread([&] { m_searches[1].look(directory, {0, middle, 0}); });
        m_searches[0].look(directory, {middle, m_entries.size(), 0});
        if (other.joinable())
            other.join();
        m_searches[0].whole().merge(m_searches[1].whole());
    }

    Result<void> move(int from, int to, Range range)
    {
        Result<void> outcome;
        for_each(
            m_entries, range,
            [&](size_t i, const std::string& name) {
                if (outcome && m_found[i])
                    outcome = move_file(from, to, name, m_entries[i]);
            },
            [&](Range inner, const std::string& name) {
                if (outcome)
                    outcome = move_directory(from, to, name, inner);
            });
        return outcome;
    }

    MovedFiles take_moved() { return std::move(m_moved); }

private:
    Result<void> move_file(int from, int to, const std::string& name, const IndexEntry& entry)
    {
        TRY(sys::rename_noreplace(from, name, to, name));
        auto status = TRY(sys::stat_at(to, name)); // a new name changes the inode's date
        if (!status)
            return fail(ErrorKind::not_found, "{}: it was moved, and is gone", name);
        m_moved.fields.push_back(index_fields(entry.mode(), *status));
        m_moved.entries.push_back({m_moved.fields.back(), entry.id, entry.path});
        return {};
    }

    Result<void> move_directory(int from, int to, const std::string& name, Range range)
    {
        if (m_searches[0].whole().contains(path_of(m_entries, range))) {
            TRY(sys::rename_noreplace(from, name, to, name));
            auto at = [&](size_t i) { return m_entries.begin() + static_cast<ptrdiff_t>(i); };
            m_moved.entries.insert(m_moved.entries.end(), at(range.begin), at(range.end));
            return {};
        }
        auto at = [&](size_t i) { return m_found.begin() + static_cast<ptrdiff_t>(i); };
        if (std::find(at(range.begin), at(range.end), char{true}) == at(range.end))
            return {};
        TRY(sys::make_directory(to, name, 0777));
        UniqueFd inner_from = TRY(open(from, name)), inner_to = TRY(open(to, name));
        return move(inner_from.get(), inner_to.get(), range);
    }

    const Entries& m_entries;
    std::vector<char> m_found; ///< for each entry; bytes, since two threads write them
    Search m_searches[2];
    MovedFiles m_moved;
};

} // namespace

Result<std::map<std::string, std::string>> look_at_directories(int checkout, const std::vector<IndexEntry>& index)
{
    std::map<std::string, std::string> directories;
    std::string_view last;
    for (const IndexEntry& entry : index) {
        std::string_view directory = entry.path.substr(0, entry.path.rfind('/') + 1);
        if (directory == last)
            continue;
        last = directory;
        for (size_t slash = directory.find('/'); slash != std::string_view::npos;
             slash = directory.find('/', slash + 1)) {
            auto [at, is_new] = directories.emplace(directory.substr(0, slash), "");
            if (!is_new)
                continue;
            if (auto stamp = TRY(sys::stamp_at(checkout, at->first)))
                at->second = stamp->str();
        }
    }
    return directories;
}

Result<MovedFiles> move_untouched(int from, int to, const CheckoutNote& note, const std::vector<IndexEntry>& entries,
                                  const std::vector<bool>& wanted)
{
    Mover mover(note, entries, wanted);
    mover.look(from);
    TRY(mover.move(from, to, {0, entries.size(), 0}));
    return mover.take_moved();
}

} // namespace quire::git
