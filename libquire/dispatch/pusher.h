// The pusher: whose key opened the connection, for the push log and the pages. Never used to decide anything.
//
// In this order: --pusher (from authorized_keys' command=), the key that sshd names when ExposeAuthInfo is on (its
// comment in ~/.ssh/authorized_keys, else its fingerprint), else "operator".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::dispatch {

constexpr size_t max_pusher_bytes = 100;

/// Printable UTF-8, not empty, at most max_pusher_bytes.
bool is_pusher_name(std::string_view name);

/// The key in what sshd writes into the file that SSH_USER_AUTH names: "publickey <type> <base64>". The last one
/// counts, as the last method does.
struct PublicKey {
    std::string type;
    std::string base64;
};
std::optional<PublicKey> key_in_auth_info(std::string_view auth_info);

/// The comment behind the key in an authorized_keys file; nullopt when it is not there or has none that will do.
std::optional<std::string> comment_of_key(std::string_view authorized_keys, const PublicKey& key);

/// "SHA256:…", as ssh-keygen -l prints it; nullopt when the key is no base64.
std::optional<std::string> fingerprint(const PublicKey& key);

/// Reads SSH_USER_AUTH and HOME of this process. Whatever can't be read is as if it were not there.
std::string find_pusher(const std::optional<std::string>& option);

} // namespace quire::dispatch
