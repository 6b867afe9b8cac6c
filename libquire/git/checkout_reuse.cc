#include "git/checkout_reuse.h"

#include <algorithm>
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

class Mover {
public:
    Mover(const CheckoutNote& note, const std::vector<IndexEntry>& entries)
        : m_note(note), m_entries(entries), m_untouched(entries.size())
    {}

    /// Looks at all files below an open directory. true: each is untouched.
    bool look(int directory, Range range, int depth = 0)
    {
        bool whole = true;
        for_each(
            range,
            [&](size_t i, const std::string& name) {
                m_untouched[i] = is_untouched(directory, name, m_entries[i]);
                whole &= m_untouched[i];
            },
            [&](Range inner, const std::string& name) {
                auto opened = open(directory, name);
                bool is_whole = opened && depth < deepest && look(opened->get(), inner, depth + 1) &&
                                is_directory_untouched(opened->get(), inner);
                if (is_whole)
                    m_whole.insert(path_of(inner));
                whole &= is_whole;
            });
        return whole;
    }

    Result<void> move(int from, int to, Range range)
    {
        Result<void> outcome;
        for_each(
            range,
            [&](size_t i, const std::string& name) {
                if (outcome && m_untouched[i])
                    outcome = move_file(from, to, name, m_entries[i]);
            },
            [&](Range inner, const std::string& name) {
                if (outcome)
                    outcome = move_directory(from, to, name, inner);
            });
        return outcome;
    }

    IndexFile take_index() { return std::move(m_index); }

private:
    template <class F, class D>
    void for_each(Range range, F file, D directory)
    {
        for (size_t i = range.begin; i < range.end;) {
            std::string_view path = m_entries[i].path;
            size_t slash = path.find('/', range.prefix);
            std::string name(path.substr(range.prefix, slash == std::string_view::npos ? slash : slash - range.prefix));
            if (slash == std::string_view::npos) {
                file(i++, name);
                continue;
            }
            Range inner{i, i, slash + 1};
            while (inner.end < range.end && m_entries[inner.end].path.starts_with(path.substr(0, slash + 1)))
                ++inner.end;
            directory(inner, name);
            i = inner.end;
        }
    }

    std::string path_of(Range range) const
    {
        return std::string(m_entries[range.begin].path.substr(0, range.prefix - 1));
    }

    static Result<UniqueFd> open(int parent, const std::string& name)
    {
        return sys::open_at(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
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
        auto noted = m_note.directories.find(path_of(range));
        auto stamp = sys::stamp_of(directory, "a directory");
        return noted != m_note.directories.end() && stamp && stamp->changed < m_note.at &&
               stamp->str() == noted->second;
    }

    Result<void> move_file(int from, int to, const std::string& name, const IndexEntry& entry)
    {
        TRY(sys::rename_noreplace(from, name, to, name));
        auto status = TRY(sys::stat_at(to, name)); // a new name changes the inode's date
        if (!status)
            return fail(ErrorKind::not_found, "{}: it was moved, and is gone", name);
        m_index.add(entry.path, index_fields(entry.mode(), *status), entry.id);
        return {};
    }

    Result<void> move_directory(int from, int to, const std::string& name, Range range)
    {
        if (m_whole.contains(path_of(range))) {
            TRY(sys::rename_noreplace(from, name, to, name));
            for (size_t i = range.begin; i < range.end; ++i)
                m_index.add(m_entries[i].path, m_entries[i].fields, m_entries[i].id);
            return {};
        }
        auto at = [&](size_t i) { return m_untouched.begin() + static_cast<ptrdiff_t>(i); };
        if (std::find(at(range.begin), at(range.end), true) == at(range.end))
            return {};
        TRY(sys::make_directory(to, name, 0777));
        UniqueFd inner_from = TRY(open(from, name)), inner_to = TRY(open(to, name));
        return move(inner_from.get(), inner_to.get(), range);
    }

    const CheckoutNote& m_note;
    const std::vector<IndexEntry>& m_entries;
    std::vector<bool> m_untouched;
    std::unordered_set<std::string> m_whole; ///< directories
    IndexFile m_index;
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

Result<IndexFile> move_untouched(int from, int to, const CheckoutNote& note, size_t id_bytes)
{
    std::vector<IndexEntry> entries = TRY(read_index(note.index, id_bytes));
    Mover mover(note, entries);
    Range all{0, entries.size(), 0};
    mover.look(from, all);
    TRY(mover.move(from, to, all));
    return mover.take_index();
}

} // namespace quire::git
