#include "git/checkout_reuse.h"

#include <algorithm>
#include <atomic>

#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/second_thread.h"
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

/// Finds what is wanted and untouched among some of the entries. Each range of them needs looking at once, also by
/// another search with the same `found`.
class Search {
public:
    Search(const CheckoutNote& note, const Entries& entries, const std::vector<bool>& wanted, std::vector<char>& found)
        : m_note(note), m_entries(entries), m_wanted(wanted), m_found(found)
    {}

    /// Looks at the files below an open directory.
    void look(int directory, Range range, int depth = 0)
    {
        for_each(
            m_entries, range,
            [&](size_t i, const std::string& name) {
                m_found[i] = m_wanted[i] && is_untouched(directory, name, m_entries[i]);
            },
            [&](Range inner, const std::string& name) {
                auto opened = open(directory, name);
                if (opened && depth < deepest)
                    look(opened->get(), inner, depth + 1);
                if (!opened || !is_directory_untouched(opened->get(), inner))
                    m_touched.push_back(inner);
            });
    }

    /// The directories that were touched. Of one whose entries are in several ranges, the part in each.
    const std::vector<Range>& touched() const { return m_touched; }

private:
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
    std::vector<Range> m_touched;
};

class Mover {
public:
    Mover(const CheckoutNote& note, const Entries& entries, const std::vector<bool>& wanted)
        : m_entries(entries), m_found(entries.size()),
          m_searches{Search(note, entries, wanted, m_found), Search(note, entries, wanted, m_found)}
    {}

    /// Another thread looks at pieces, too, where there are many files: nearly all of the time goes into the system's
    /// answers.
    void look(int directory)
    {
        constexpr size_t piece = 1000, many = 5000;
        std::atomic<size_t> next = 0;
        auto take_pieces = [&](Search& search) {
            for (size_t at; (at = next.fetch_add(piece)) < m_entries.size();)
                search.look(directory, {at, std::min(at + piece, m_entries.size()), 0});
        };
        if (m_entries.size() >= many) {
            sys::SecondThread second([&] { take_pieces(m_searches[1]); });
            take_pieces(m_searches[0]);
        }
        take_pieces(m_searches[0]);
        find_whole();
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
    /// Prepares what is asked of directories.
    void find_whole()
    {
        m_found_before.reserve(m_entries.size() + 1);
        size_t found = 0;
        for (char is_found : m_found) {
            m_found_before.push_back(found);
            found += static_cast<size_t>(is_found);
        }
        m_found_before.push_back(found);
        for (const Search& search : m_searches)
            m_touched.insert(m_touched.end(), search.touched().begin(), search.touched().end());
        std::sort(m_touched.begin(), m_touched.end(), [](Range a, Range b) { return a.begin < b.begin; });
    }

    size_t count_found(Range range) const { return m_found_before[range.end] - m_found_before[range.begin]; }

    /// Whether all files of a directory are found, and it and all directories in it are untouched.
    bool is_whole(Range range) const
    {
        if (count_found(range) < range.end - range.begin)
            return false;
        auto touched = std::lower_bound(m_touched.begin(), m_touched.end(), range.begin,
                                        [](Range a, size_t begin) { return a.begin < begin; });
        for (; touched != m_touched.end() && touched->begin < range.end; ++touched)
            if (touched->prefix >= range.prefix) // not one above it, that begins with it
                return false;
        return true;
    }

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
        if (is_whole(range)) {
            TRY(sys::rename_noreplace(from, name, to, name));
            auto at = [&](size_t i) { return m_entries.begin() + static_cast<ptrdiff_t>(i); };
            m_moved.entries.insert(m_moved.entries.end(), at(range.begin), at(range.end));
            return {};
        }
        if (count_found(range) == 0)
            return {};
        TRY(sys::make_directory(to, name, 0777));
        UniqueFd inner_from = TRY(open(from, name)), inner_to = TRY(open(to, name));
        return move(inner_from.get(), inner_to.get(), range);
    }

    const Entries& m_entries;
    std::vector<char> m_found; ///< for each entry; bytes, since two threads write them
    Search m_searches[2];
    std::vector<size_t> m_found_before; ///< how many of the entries before each are found
    std::vector<Range> m_touched;       ///< directories, in the order of their first entries
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
