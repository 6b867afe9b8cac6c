// Login: how the owner of a forge that no proxy stands before becomes somebody to quire-serve.
//
// The owner opens a link that carries a key (`make up` prints it), and the browser gets a cookie for it. Both are good
// for as long as the key's file stays the same, so a restart logs nobody out. The cookie is a digest of the key: who
// sees the cookie can't make the link. Neither is logged, and all comparing takes the same time for every wrong guess.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::http {

/// Takes the same time for every wrong secret of the right length.
bool is_same_secret(std::string_view a, std::string_view b);

/// The value of a cookie in a Cookie header; "" when it is not there, or there more than once.
std::string_view find_cookie(std::string_view header, std::string_view name);

class Login {
public:
    /// Nobody can log in.
    Login() = default;
    /// Whoever has the key is `user`.
    Login(std::string user, std::string_view key);
    /// The key is the file's content; it has to be long enough, and for its owner's eyes alone.
    static Result<Login> read(std::string user, const std::string& key_file);

    bool accepts(std::string_view key) const;
    /// The value of a Set-Cookie header for whoever had the key.
    std::string set_cookie() const;
    /// Who sent this Cookie header; "" is nobody.
    std::string user_of(std::string_view cookie_header) const;

private:
    std::string m_user, m_key, m_cookie;
};

} // namespace quire::http
