// The caller: whose key opened the connection, and what that key may do.
//
// Options of quire-exec say it where sshd runs the command of the key's own line. Under a ForceCommand, the key that
// sshd names (ExposeAuthInfo) is looked up in authorized_keys. Both count if both are there. Whatever can't be told for
// sure is refused: no doubt makes a key mightier.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dispatch/environment.h"
#include "dispatch/invocation.h"
#include "store/public_key.h"

namespace quire::dispatch {

/// The key in the file that SSH_USER_AUTH names, where sshd writes "publickey <type> <base64>". If there are several,
/// the last one counts.
std::optional<store::PublicKey> key_in_auth_info(std::string_view auth_info);

/// Uses SSH_USER_AUTH, SSH_CONNECTION and HOME. A caller without a key, such as a person on the box, is "operator".
Result<store::KeyRights> find_caller(const Invocation& invocation, const Lookup& lookup);

} // namespace quire::dispatch
