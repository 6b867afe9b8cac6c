// EntryIndex: what each entry of each directory is, and which commit last changed it, at the tip of the default branch.
//
// A page of a directory says so beside every name, and finding it out walks back through all of history. The index is a
// file beside a repository's runs, sorted by directory and name, that answers by a binary search. At another commit the
// search ends where it meets the index's commit (git/last_changes.h). `quire index-changes`, a task after each push,
// keeps it (entry_indexing.h). It knows all of a directory or nothing. It may be deleted at any time; a damaged file
// counts as missing. The reader maps the file; several threads may share one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "git/repository.h"
#include "sys/mapping.h"

namespace quire::history {

class EntryIndex {
public:
    /// `runs` is the repository's directory of runs. ErrorKind::not_found if there is no index, or it is damaged.
    static Result<EntryIndex> open(int runs);

    struct Entry {
        std::string_view name;
        git_oid commit{}; ///< the one that changed it last
        Instant when = 0;
        std::string_view subject;
        std::optional<uint64_t> size; ///< of files
        git_oid id{};                 ///< of the entry itself
        git_filemode_t mode = GIT_FILEMODE_UNREADABLE;
    };

    /// The commit whose directories it knows.
    const git_oid& commit() const { return m_commit; }
    /// Whether it knows all directories that it may.
    bool is_complete() const { return m_is_complete; }
    /// All entries of a directory ("" is the top), by name as bytes; empty if it does not know the directory.
    std::vector<Entry> directory(std::string_view path) const;
    /// nullopt if it does not know the directory, or there is no such entry.
    std::optional<Entry> find(std::string_view path) const;
    /// Whether it knows the directory that the path is in: what find() does not find there does not exist.
    bool knows_directory_of(std::string_view path) const;

private:
    template <typename Index>
    friend Result<Index> open_index(int runs, const char* name);
    explicit EntryIndex(sys::Mapping file) : m_file(std::move(file)) {}
    bool parse();
    /// The lines from the first on that is not less than the key.
    std::string_view lines_from(std::string_view key) const;

    sys::Mapping m_file;
    git_oid m_commit{};
    bool m_is_complete = false;
    std::string_view m_lines;
};

/// The first words of the file; another one is another format.
constexpr std::string_view entry_index_mark = "quire-entries 2";

} // namespace quire::history
