// Follows lines: finds the commits that shaped a range of a file's lines, newest first, down to their introduction.
//
// At each step from a commit to its parent, the range is searched for (block_match): in the file, under the file's
// earlier name, or in another file that lost it in the commit. If no parent has it, the commit introduced it. A merge
// is passed through to the parent that has the same lines; if none has, the merge itself changed them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/patience.h"
#include "git/repository.h"
#include "history/texts.h"

namespace quire::history {

enum class StepKind {
    introduced, ///< the lines are new
    changed,    ///< the code itself changed
    comments,   ///< only comments and white space changed
    blanks,     ///< only white space changed, or where lines are broken
    moved,      ///< nothing changed, but they came from another file, or the file was renamed
};
std::string_view name_of(StepKind kind);
/// Whether the step counts when a reader asks how often lines changed.
inline bool is_change(StepKind kind) { return kind == StepKind::introduced || kind == StepKind::changed; }

struct FilePart {
    std::string path;
    LineRange lines;
};

/// What one commit did to the lines.
struct Step {
    git_oid commit{};
    StepKind kind = StepKind::changed;
    std::optional<git_oid> parent;  ///< the parent with `before`
    std::optional<FilePart> before; ///< nullopt: the lines were introduced
    FilePart after;
    double similarity = 0;           ///< of the two versions, from 0 to 1
    std::optional<double> certainty; ///< of a block that was found in another file: the chance that it came from there
};

/// Where to continue: lines of a commit.
struct FollowPoint {
    git_oid commit{};
    FilePart part;
};

struct FollowQuery {
    std::vector<FollowPoint> from;
    size_t max_steps = SIZE_MAX;    ///< of a page
    size_t max_bytes = 512u << 20;  ///< of files to read
    size_t max_commits = 2'000'000; ///< to look at
    Patience patience = {};
};

enum class FollowEnd { complete, enough_steps, late, too_much };

struct FollowRest {
    FollowEnd end = FollowEnd::complete;
    std::vector<FollowPoint> points; ///< where to continue, if it is not complete
};

/// Calls `take` for each step, newest first. It is an error if `from` names something that does not exist.
Result<FollowRest> follow_lines(const git::Repository& repository, const FollowQuery& query,
                                const std::function<void(Step)>& take);

} // namespace quire::history
