// What a git command prints, sent as it comes: patches, archives, clones.
#pragma once

#include <string>
#include <vector>

#include "web/budget/git_command.h"
#include "web/site/visit.h"

namespace quire::web {

struct GitStream {
    std::vector<std::string>
        arguments; ///< after "git"; nothing in them that a reader wrote but what was made an object id
    std::string content_type;
    std::string input = {};            ///< the command's stdin
    std::string protocol = {};         ///< GIT_PROTOCOL
    std::optional<uint64_t> size = {}; ///< of what it prints, where it is known
    uint64_t most = UINT64_MAX;        ///< of what it may print: more, and the answer breaks off
    Memory memory = Memory::little;
};

/// Takes a place among the transfers (costly.h), which is free again when the answer was sent.
Result<http::Response> git_stream(const Visit& visit, GitStream stream);

} // namespace quire::web
