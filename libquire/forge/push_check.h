// Checks that the record of a repository's pushes was not altered: the chain of its push log, its noted head, the
// certificates of signed pushes, and its refs.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/push_chain.h"
#include "store/root.h"

namespace quire::forge {

struct PushCheck {
    store::ChainVerdict chain;
    uint64_t records = 0;
    uint64_t signed_pushes = 0;
    std::vector<std::string> faults; ///< signs of tampering, one line each, including those of the chain
    std::vector<std::string> notes;  ///< unusual, but not proof of anything
};

/// `noted` holds further heads that the log is known to have had.
Result<PushCheck> check_pushes(int repository, std::vector<store::ChainHead> noted = {});

} // namespace quire::forge
