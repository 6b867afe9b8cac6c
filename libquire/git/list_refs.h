// Where the refs of a repository are, as git tells it.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "sys/process.h"

namespace quire::git {

using Refs = std::map<std::string, std::string>; ///< ref → object id

enum class BrokenRefs {
    pass_over, ///< as git does
    refuse,
};

Result<Refs> list_refs(int repository, BrokenRefs broken = BrokenRefs::pass_over, int64_t timeout = 0);

} // namespace quire::git
