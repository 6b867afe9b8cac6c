// The environment of what quire-exec starts: built from empty, each value checked. What fails its check is left out.
//
// PATH is fixed. HOME, LANG and TZ are taken over when they look like what they are; GIT_PROTOCOL only as
// version=0, 1 or 2 (sshd may let clients set it, and LANG, and whatever AcceptEnv names). Nothing else passes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sys/process.h"

namespace quire::dispatch {

/// Looks a variable up: sys::process_variable but in tests.
using Lookup = std::function<std::optional<std::string>(const char* name)>;

sys::Environment checked_environment(const Lookup& lookup);

/// The client's address as sshd tells it in SSH_CONNECTION, for the record of a refusal; "" if it does not.
std::string client_address(const Lookup& lookup);

} // namespace quire::dispatch
