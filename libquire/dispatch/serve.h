// Starts git in a repository: the last step of a dispatched git-upload-pack, git-receive-pack or git-upload-archive.
#pragma once

#include "base/result.h"
#include "dispatch/table.h"
#include "store/root.h"
#include "sys/process.h"

namespace quire::dispatch {

/// Replaces this process by git, which works in "." of a directory that was opened beneath the root: nothing that
/// happens to the path afterwards leads it elsewhere. REQUIRES: `request` is one to serve. Returns only on failure.
Unexpected serve(const store::Root& root, const Request& request, sys::Environment environment);

/// Replaces this process by the `quire` beside quire-exec, in the data root.
Unexpected operate(const store::Root& root, const std::vector<std::string>& words, const sys::Environment& environment);

} // namespace quire::dispatch
