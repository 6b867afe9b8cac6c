// The refs of a repository as they are between two pushes.
//
// git moves the refs of a push one after the other, also those of an atomic one. Who reads them meanwhile sees some of
// them moved, and a backup would keep that: whoever restores it, or follows it, would have half of a push.
#pragma once

#include <vector>

#include "git/list_refs.h"
#include "store/intent.h"

namespace quire::deliver {

using git::Refs;

struct SettledRefs {
    Refs refs;
    bool held_back = false; ///< a push that is under way was left out
};

/// `log_size`: of the push log, read before; a push that has ended since, or that has not, is there whole or not at
/// all.
Result<SettledRefs> read_settled_refs(const store::Root& root, const store::RepoName& name, int repository,
                                      uint64_t log_size);

struct PushUnderWay {
    Instant at = 0;
    std::vector<store::RefUpdate> updates;
};

/// Where some refs of a push have moved and others have not, puts back the former. Returns whether it did.
bool put_back_halves(Refs& refs, std::vector<PushUnderWay> pushes);

} // namespace quire::deliver
