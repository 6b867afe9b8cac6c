// Runs a command for a person on a terminal of its own.
//
// The command gets a new pseudo-terminal, and bytes are passed on between it and ours, which is raw meanwhile. So what
// runs there, perhaps somebody else's code, can't reach our terminal's input queue or settings. A change of our
// window's size is passed on.
#pragma once

#include "sys/process.h"

namespace quire::sys {

/// Whether standard input and output are a terminal.
bool has_terminal();

/// Waits until the command ends; returns its exit code, or 128 + the signal. If we lose our terminal, the command loses
/// its own. `command.input`, `output`, `error` and `new_session` are ignored. REQUIRES: has_terminal().
Result<int> run_on_terminal(Command command);

} // namespace quire::sys
