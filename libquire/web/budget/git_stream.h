// Sends the output of a git command while it runs: patches, archives, clones.
#pragma once

#include <string>
#include <vector>

#include "web/budget/costly.h"
#include "web/budget/git_command.h"
#include "web/site/visit.h"

namespace quire::web {

/// That an answer may be kept for who asks again (keep/kept_packs.h).
struct Keeping {
    std::string key;   ///< names all that the output is made from, the repository first
    uint64_t most = 0; ///< bytes; no output should be longer
};

struct GitStream {
    std::vector<std::string>
        arguments; ///< after "git"; nothing from a reader, except what was turned into an object id
    std::string content_type;
    std::string input = {};            ///< the command's stdin
    std::string protocol = {};         ///< GIT_PROTOCOL
    std::optional<uint64_t> size = {}; ///< of the output, if it is known
    uint64_t most = UINT64_MAX;        ///< if the output is longer, the answer breaks off
    Memory memory = Memory::little;
    Cost cost = Cost::transfer; ///< whose places it takes one of
    std::optional<Keeping> keeping = {};
};

/// Takes a place (costly.h), which is free again when the answer has been sent; what is kept is sent without one.
Result<http::Response> git_stream(const Visit& visit, GitStream stream);

} // namespace quire::web
