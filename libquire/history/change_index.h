// ChangeIndex: which commits have been versions of a change, in the order in which they were pushed.
//
// It is a file beside a repository's runs, sorted by the ids of the changes, so that a question costs a binary search
// and no walk through history or the push log. `quire index-changes`, a task, keeps it (change_indexing.h). It may be
// deleted at any time and is made anew by the next push; what git has cleared away is not found again then. A damaged
// file counts as missing. The reader maps the file; several threads may share one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "git/repository.h"
#include "sys/mapping.h"

namespace quire::history {

/// A commit that is or was a version of a change.
struct ChangeVersion {
    git_oid commit{};
    Instant pushed_at = 0; ///< 0: it was there before the push log began, or is not in it
    std::string ref;       ///< the full name; "": unknown
    std::string pusher;
};

class ChangeIndex {
public:
    /// `runs` is the repository's directory of runs. ErrorKind::not_found if there is no index, or it is damaged.
    static Result<ChangeIndex> open(int runs);

    /// All versions of a change, oldest first.
    std::vector<ChangeVersion> versions(std::string_view id) const;
    /// The ids that begin with these letters, at most `limit`.
    std::vector<std::string> find(std::string_view prefix, size_t limit) const;
    /// How many letters of the id tell it from all others; it need not be in the index.
    size_t prefix_length(std::string_view id) const;

    /// How far the push log was read, and a digest of its line before that.
    uint64_t log_size() const { return m_log_size; }
    std::string_view log_digest() const { return m_log_digest; }
    /// Commits whose ancestors are all in the index.
    const std::vector<git_oid>& tips() const { return m_tips; }
    /// The lines, sorted: id, number, commit, seconds, ref and pusher, with tabs between.
    std::string_view lines() const { return m_lines; }

private:
    template <typename Index>
    friend Result<Index> open_index(int runs, const char* name);
    explicit ChangeIndex(sys::Mapping file) : m_file(std::move(file)) {}
    bool parse();
    size_t lower_bound(std::string_view key) const;
    std::string_view line_at(size_t begin) const;

    sys::Mapping m_file;
    uint64_t m_log_size = 0;
    std::string_view m_log_digest, m_lines;
    std::vector<git_oid> m_tips;
};

/// The first words of the file; another one is another format.
constexpr std::string_view change_index_mark = "quire-changes 1";

} // namespace quire::history
