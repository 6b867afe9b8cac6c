// Login: how the owner of a forge without a proxy logs in to quire-serve.
//
// The owner opens a link with a key (`make up` prints it), and the browser gets a cookie. Both are valid as long as the
// key's file stays the same, so a restart logs nobody out. The cookie is a digest of the key: the link can't be made
// from it. Neither is logged, and comparing takes the same time for every wrong guess.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::http {

/// Takes the same time for every wrong secret of the right length.
bool is_same_secret(std::string_view a, std::string_view b);

/// The value of a cookie in a Cookie header; "" if it is missing or occurs more than once.
std::string_view find_cookie(std::string_view header, std::string_view name);

class Login {
public:
    /// Nobody can log in.
    Login() = default;
    /// Makes whoever has the key `user`.
    Login(std::string user, std::string_view key);
    /// The key is the content of the file, which must be long enough and readable only by its owner.
    static Result<Login> read(std::string user, const std::string& key_file);

    bool accepts(std::string_view key) const;
    /// The value of the Set-Cookie header for somebody who had the key.
    std::string set_cookie() const;
    /// The user who sent this Cookie header; "" is nobody.
    std::string user_of(std::string_view cookie_header) const;

private:
    std::string m_user, m_key, m_cookie;
};

} // namespace quire::http
