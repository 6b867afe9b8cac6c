// The pusher: whose key opened the connection, for the push log and the pages. No decision depends on it.
//
// The first of these: --pusher (from authorized_keys' command=); the key that sshd names if ExposeAuthInfo is on (its
// comment in ~/.ssh/authorized_keys, or its fingerprint); "operator".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::dispatch {

constexpr size_t max_pusher_bytes = 100;

/// Whether the name is printable UTF-8, not empty, and at most max_pusher_bytes long.
bool is_pusher_name(std::string_view name);

/// The key in the file that SSH_USER_AUTH names, where sshd writes "publickey <type> <base64>". If there are several,
/// the last one counts.
struct PublicKey {
    std::string type;
    std::string base64;
};
std::optional<PublicKey> key_in_auth_info(std::string_view auth_info);

/// The key's comment in an authorized_keys file; nullopt if the key is not there or its comment can't be used.
std::optional<std::string> comment_of_key(std::string_view authorized_keys, const PublicKey& key);

/// "SHA256:…", as ssh-keygen -l prints it; nullopt if the key is not valid base64.
std::optional<std::string> fingerprint(const PublicKey& key);

/// Uses SSH_USER_AUTH and HOME of this process. What can't be read is treated as missing.
std::string find_pusher(const std::optional<std::string>& option);

} // namespace quire::dispatch
