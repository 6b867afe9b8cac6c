// The environment of what quire-exec starts. It starts empty; each value is checked, and left out if the check fails.
//
// PATH is fixed. HOME, LANG and TZ are taken over if they look valid, and GIT_PROTOCOL only as version=0, 1 or 2,
// because sshd may let clients set it, LANG, and whatever AcceptEnv names. Nothing else is passed on.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sys/process.h"

namespace quire::dispatch {

/// Looks up a variable. This is sys::process_variable, except in tests.
using Lookup = std::function<std::optional<std::string>(const char* name)>;

sys::Environment checked_environment(const Lookup& lookup);

/// The client's kind of terminal, if its name is harmless: TERM, for who is let have a terminal.
std::optional<std::string> terminal_kind(const Lookup& lookup);

/// The client's address from sshd's SSH_CONNECTION, for the log of a refusal; "" if it is unknown.
std::string client_address(const Lookup& lookup);

} // namespace quire::dispatch
