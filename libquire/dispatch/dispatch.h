// dispatch() does all of quire-exec's work: it reads the request, checks it against the table, and starts git or quire.
//
// A refusal happens before anything is opened or started: exit code 100, the reason and what is allowed on stderr, and
// a line in the system's log. quire-exec(8) says what callers may rely on.
#pragma once

#include "cli/tool.h"

namespace quire::dispatch {

Result<int> dispatch(const cli::Arguments& arguments);

} // namespace quire::dispatch
