// The secret that a web proxy sends, so that it is believed over TCP. `quire init` makes it once; running init again
// does not change it.
#pragma once

#include "forge/doctor.h"
#include "store/config.h"
#include "store/root.h"

namespace quire::forge {

/// Makes the file, which only its owner can read, with 32 random bytes in hex. Does nothing if it exists.
Result<void> make_proxy_secret(const store::Root& root);

/// Checks that there is a secret for the proxy. Private to forge/.
void check_proxy_secret(const store::Root& root, const store::GlobalConfig& config, Report& report);

} // namespace quire::forge
