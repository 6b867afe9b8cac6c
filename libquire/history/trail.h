// The trail of a file: every name that it has had, from its birth to now, and what became of it.
//
// From an old name the trail goes forwards too: a file that is not there any more is looked for where it was removed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::history {

enum class TrailKind {
    introduced, ///< the file is new
    renamed,    ///< it had another name
    copied,     ///< it was made from one that stayed
    split,      ///< its lines were a part of another file
    removed,    ///< it is gone, and nothing of the same commit goes on with it
};
std::string_view name_of(TrailKind kind);

/// What one commit did to the file's name.
struct TrailStop {
    git_oid commit{};
    TrailKind kind = TrailKind::introduced;
    std::string path;              ///< from this commit on; of one that was removed: what it was called
    std::optional<git_oid> parent; ///< that has the file as it was before
    std::string before;            ///< its path there; empty: introduced
    double similarity = 0;         ///< of both, from 0 to 1
};

struct Trail {
    std::vector<TrailStop> stops; ///< newest first
    git_oid commit{};             ///< where the file is last seen, as `path`
    std::string path;
    bool is_partial = false; ///< the patience was over first
};

/// Of the file that was or is called `path` in the history of `commit`; `tip` says what "now" is. not_found where that
/// history has no such path.
Result<Trail> find_trail(const git::Repository& repository, const git_oid& tip, const git_oid& commit,
                         const std::string& path, const Patience& patience);

} // namespace quire::history
