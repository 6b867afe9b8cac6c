// Starts git in a repository: the last step of git-upload-pack, git-receive-pack or git-upload-archive over ssh.
#pragma once

#include "base/result.h"
#include "dispatch/table.h"
#include "store/root.h"
#include "sys/process.h"

namespace quire::dispatch {

/// Replaces this process by git, which works in "." of a directory that was opened beneath the root, so later changes
/// to the path don't affect it. REQUIRES: `request` has a service. Returns only on failure.
Unexpected serve(const store::Root& root, const Request& request, sys::Environment environment);

/// Replaces this process by the `quire` that is installed beside quire-exec, working in the data root.
Unexpected operate(const store::Root& root, const std::vector<std::string>& words, const sys::Environment& environment);

} // namespace quire::dispatch
