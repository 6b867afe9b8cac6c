// Blame: which commit each line of a file comes from, and what stood there before it.
//
// Line by line what `git blame` says; tests compare. The walk ends where it meets a version whose blame is kept
// (kept_blames.h): after a push that changed a file, that is one step. When the patience is over, what is found so far
// is the answer, and the other lines lie with the version that the walk had come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "history/lineage.h"

namespace quire::history {

constexpr uint32_t no_line = UINT32_MAX;

struct Blame {
    /// A version of the file, or of one that it came from, that has lines here.
    struct Origin {
        git_oid commit{};
        uint32_t path = 0; ///< in `paths`
        /// The parent that comes first for "before": nothing in a root, or where the file was new.
        git_oid parent{};
        uint32_t parent_path = 0;
        bool has_parent = false;
        bool is_open = false; ///< the patience was over here: its lines may be older
        /// Of the commit; author and subject are cut where no honest one is as long.
        std::string author, subject;
        Instant when = 0;
    };
    /// Lines that stand together, come from one origin and stood together there. Lines count from 0.
    struct Span {
        uint32_t first = 0, count = 0;
        uint32_t origin = 0;
        uint32_t line = 0;         ///< the first one, as the origin counts
        uint32_t before = no_line; ///< the first of the lines of the parent in whose place they came; no_line: none
        uint32_t before_count = 0;
        bool operator==(const Span&) const = default;
    };

    std::vector<std::string> paths;
    std::vector<Origin> origins;
    std::vector<Span> spans; ///< by `first`; they cover the file
    git_oid commit{};        ///< that made the version which this is the blame of
    bool is_complete = true; ///< false: the patience was over; some lines are older than said
    bool is_lasting = true;  ///< true of the objects whatever else happens: it may be kept

    uint32_t lines() const { return spans.empty() ? 0 : spans.back().first + spans.back().count; }
    /// The span that has the line; null: there is no such line.
    const Span* at(uint32_t line) const;
};

/// Where lines of the parent stood that a span's line came in place of: the nearest one by place.
uint32_t line_before(const Blame::Span& span, uint32_t line);

class KeptBlames;
class IgnoredCommits;

struct BlameOptions {
    Patience patience = {};
    KnownVersions* known = nullptr;
    KeptBlames* kept = nullptr;              ///< null: nothing is kept
    const IgnoredCommits* ignored = nullptr; ///< whose lines are passed on; null: none
};

/// not_found where the commit has no regular file at the path; refused where it is larger than max_file_bytes.
Result<Blame> blame(const git::Repository& repository, const git_oid& commit, const std::string& path,
                    const BlameOptions& options = {});

} // namespace quire::history
