// Holds a request against what the caller's key may do.
#pragma once

#include "base/result.h"
#include "dispatch/table.h"
#include "store/key_rights.h"
#include "store/root.h"

namespace quire::dispatch {

/// A key with bounds reaches git's services and the verbs that name a repository and only read it, or work on its runs.
/// A repository outside of its bounds gets exactly the answer that a missing one gets (not_found); what the key may not
/// do to one inside is ErrorKind::refused.
Result<void> allow(const store::Root& root, const store::KeyRights& rights, const Request& request);

/// What a client whose key has bounds is greeted with.
std::string greeting(const store::KeyRights& rights);

} // namespace quire::dispatch
