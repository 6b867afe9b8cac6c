// dispatch(): all that quire-exec does. Reads what it was asked, holds it against the table, starts git or quire.
//
// Refused (exit 100, the reason and what is allowed on stderr, a line to the system's log): before anything
// was opened or started. See quire-exec(8) for what a caller may rely on.
#pragma once

#include "cli/tool.h"

namespace quire::dispatch {

Result<int> dispatch(const cli::Arguments& arguments);

} // namespace quire::dispatch
