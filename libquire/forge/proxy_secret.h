// The proxy's secret: what a web proxy sends to be believed over TCP. `quire init` makes one and no later init changes
// it.
#pragma once

#include "forge/doctor.h"
#include "store/config.h"
#include "store/root.h"

namespace quire::forge {

/// Makes the file with 32 random bytes in hex, for its owner's eyes alone, unless it is there.
Result<void> make_proxy_secret(const store::Root& root);

/// Whether there is a secret that a proxy can be believed by. Private to forge/.
void check_proxy_secret(const store::Root& root, const store::GlobalConfig& config, Report& report);

} // namespace quire::forge
