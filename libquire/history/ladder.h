// The ladder: from a line to what stood there before the commit that it is of, and so on down to where it was
// introduced.
#pragma once

#include "history/blame.h"

namespace quire::history {

/// A line of a file of a commit. Lines count from 0.
struct Rung {
    git_oid commit{};
    std::string path;
    uint32_t line = 0;
};

/// Where to look on from a line of the blamed file: in a parent of the line's commit, so that a climb ends. nullopt:
/// the line begins with its commit, as far as was found within the patience. REQUIRES: the line is one of the blame's.
std::optional<Rung> rung_before(const git::Repository& repository, KnownVersions& known, const Blame& blame,
                                uint32_t line, const Patience& patience);

} // namespace quire::history
