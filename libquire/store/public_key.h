// The public half of an ssh key, as a file *.pub, an authorized_keys file and sshd's auth info spell it: a type and the
// key in base64.
//
// parse_public_key is strict, because what it accepts is let in: the base64 must hold a key of just that type, whole
// and with nothing behind it. Certificates, DSA and RSA below 2048 bits are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::store {

struct PublicKey {
    std::string type;
    std::string base64;

    bool operator==(const PublicKey&) const = default;
};

/// One line: "ssh-ed25519 AAAA… a comment". The error says in one line what is wrong with it.
Result<PublicKey> parse_public_key(std::string_view line);

/// "SHA256:…", as ssh-keygen -l prints it; nullopt if the key is not valid base64.
std::optional<std::string> fingerprint(const PublicKey& key);

/// Whether the word is a type of key that some sshd knows, so that a line that begins with it has no options.
bool is_key_type(std::string_view word);

} // namespace quire::store
