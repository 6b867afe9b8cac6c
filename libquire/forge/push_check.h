// Whether what a repository says of its pushes is what was written there: the chain of its push log, its noted head,
// the certificates of signed pushes, and the refs it has.
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
    std::vector<std::string> faults; ///< somebody tampered with it, one line each; those of the chain too
    std::vector<std::string> notes;  ///< unusual, and no proof of anything
};

/// `noted`: further heads that the log is known to have had.
Result<PushCheck> check_pushes(int repository, std::vector<store::ChainHead> noted = {});

} // namespace quire::forge
