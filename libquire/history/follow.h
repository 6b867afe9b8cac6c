// Following lines: the commits that shaped a range of a file's lines, newest first, down to the one that introduced it.
//
// From commit to parent, the range is looked for again (block_match): in the file, under the name that the file had, or
// in another file of the same commit that lost it. Where it is in no parent it was introduced. Merges are passed
// through to the parent that has the lines as they are; only where none has them the merge itself changed them.
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
    changed,    ///< what counts changed
    comments,   ///< only comments and blanks
    blanks,     ///< only blanks, indentation or where lines end
    moved,      ///< nothing, but they came from another file, or the file from another name
};
std::string_view name_of(StepKind kind);
/// What a reader means who asks how often lines changed.
inline bool is_change(StepKind kind) { return kind == StepKind::introduced || kind == StepKind::changed; }

struct FilePart {
    std::string path;
    LineRange lines;
};

/// What one commit did to the lines.
struct Step {
    git_oid commit{};
    StepKind kind = StepKind::changed;
    std::optional<git_oid> parent;  ///< that has `before`
    std::optional<FilePart> before; ///< nullopt: introduced
    FilePart after;
    double similarity = 0; ///< of both, from 0 to 1
};

/// Where to look further: lines as a commit has them.
struct FollowPoint {
    git_oid commit{};
    FilePart part;
};

struct FollowQuery {
    std::vector<FollowPoint> from;
    size_t max_steps = SIZE_MAX;    ///< of a page
    size_t max_bytes = 512u << 20;  ///< of files, to be read
    size_t max_commits = 2'000'000; ///< to be looked at
    Patience patience = {};
};

enum class FollowEnd { complete, enough_steps, late, too_much };

struct FollowRest {
    FollowEnd end = FollowEnd::complete;
    std::vector<FollowPoint> points; ///< where to go on, if it is not complete
};

/// Calls `take` for each step, newest first. An error where `from` names what is not there.
Result<FollowRest> follow_lines(const git::Repository& repository, const FollowQuery& query,
                                const std::function<void(Step)>& take);

} // namespace quire::history
