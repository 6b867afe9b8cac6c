// Blame: which commit each line of a file comes from, and what was there before it.
//
// For each line, the answer is that of `git blame`; tests compare them. The walk ends where it meets a version whose
// blame is cached (kept_blames.h): after a push that changed a file, that is one step. When the patience runs out, the
// result is what was found so far, and the remaining lines are attributed to the version that the walk has reached.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "history/lineage.h"

namespace quire::history {

constexpr uint32_t no_line = UINT32_MAX;

struct Blame {
    /// A version of the file, or of one that it came from, which has lines here.
    struct Origin {
        git_oid commit{};
        uint32_t path = 0; ///< index into `paths`
        /// The first parent to look at for "before"; empty in a root commit, or where the file was new.
        git_oid parent{};
        uint32_t parent_path = 0;
        bool has_parent = false;
        bool is_open = false; ///< the patience ran out here, so its lines may be older
        /// The commit's; author and subject are cut if they are longer than any honest ones.
        std::string author, subject;
        Instant when = 0;
    };
    /// Neighbouring lines that come from one origin and were neighbours there too. Lines count from 0.
    struct Span {
        uint32_t first = 0, count = 0;
        uint32_t origin = 0;
        uint32_t line = 0;         ///< the first line, in the origin's numbering
        uint32_t before = no_line; ///< the first of the parent's lines that these replaced; no_line: none
        uint32_t before_count = 0;
        bool operator==(const Span&) const = default;
    };

    std::vector<std::string> paths;
    std::vector<Origin> origins;
    std::vector<Span> spans; ///< by `first`; together they cover the file
    git_oid commit{};        ///< the commit that made the version of this blame
    bool is_complete = true; ///< false: the patience ran out; some lines are older than it says
    bool is_lasting = true;  ///< it depends on nothing but the objects, so it may be cached

    uint32_t lines() const { return spans.empty() ? 0 : spans.back().first + spans.back().count; }
    /// The span with the line; null if there is no such line.
    const Span* at(uint32_t line) const;
};

/// The line of the parent that a line of a span replaced: the nearest one by position.
uint32_t line_before(const Blame::Span& span, uint32_t line);

class KeptBlames;
class IgnoredCommits;

struct BlameOptions {
    Patience patience = {};
    KnownVersions* known = nullptr;
    KeptBlames* kept = nullptr;              ///< null: nothing is cached
    const IgnoredCommits* ignored = nullptr; ///< commits to look through; null: none
};

/// ErrorKind::not_found if the commit has no regular file at the path; refused if it is larger than max_file_bytes.
Result<Blame> blame(const git::Repository& repository, const git_oid& commit, const std::string& path,
                    const BlameOptions& options = {});

} // namespace quire::history
