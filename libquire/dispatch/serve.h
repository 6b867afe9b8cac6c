// What quire-exec becomes: git in a repository, or the quire that is installed beside it.
#pragma once

#include "base/result.h"
#include "dispatch/table.h"
#include "store/root.h"
#include "sys/process.h"

namespace quire::dispatch {

struct Program {
    std::vector<std::string> argv; ///< for sys::exec
    sys::Environment environment;
};

/// Git for a request with a service. The current directory becomes the repository, opened beneath the root, and git
/// works in ".", so later changes to the path don't affect it.
Result<Program> prepare_git(const store::Root& root, const Request& request, sys::Environment environment);

/// Quire with these words. The current directory becomes the data root.
Result<Program> prepare_quire(const store::Root& root, const std::vector<std::string>& words,
                              sys::Environment environment);

} // namespace quire::dispatch
