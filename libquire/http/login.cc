#include "http/login.h"

#include "base/sha256.h"
#include "base/strings.h"
#include "sys/file.h"

namespace quire::http {

constexpr const char* cookie_name = "quire-login";
constexpr size_t shortest_key = 32;

bool is_same_secret(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned>(a[i] ^ b[i]) & 0xffu;
    return difference == 0;
}

std::string_view find_cookie(std::string_view header, std::string_view name)
{
    std::string_view found;
    bool is_there = false;
    for (std::string_view pair : split(header, ';')) {
        std::string_view value = pair;
        std::string_view key = trim(take_until(value, '='));
        if (key != name)
            continue;
        if (is_there)
            return {};
        is_there = true;
        found = trim(value);
    }
    return found;
}

Login::Login(std::string user, std::string_view key)
    : m_user(std::move(user)), m_key(key), m_cookie(sha256_hex(fmt::format("quire login cookie\n{}", key)))
{}

Result<Login> Login::read(std::string user, const std::string& key_file)
{
    auto status = TRY(sys::stat_at(AT_FDCWD, key_file));
    if (status && (status->st_mode & 077) != 0)
        return fail(ErrorKind::refused, "{} can be read by others, and it lets whoever reads it log in: chmod 600 {}",
                    key_file, key_file);
    std::string content = TRY(sys::read_file(AT_FDCWD, key_file, 4096));
    std::string_view key = trim(content);
    if (key.size() < shortest_key)
        return fail(ErrorKind::invalid, "{} is no key to log in with: it has to have {} bytes or more", key_file,
                    shortest_key);
    return Login(std::move(user), key);
}

bool Login::accepts(std::string_view key) const { return !m_key.empty() && is_same_secret(key, m_key); }

std::string Login::set_cookie() const
{
    constexpr int a_year = 365 * 24 * 3600;
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict", cookie_name, m_cookie, a_year);
}

std::string Login::user_of(std::string_view cookie_header) const
{
    bool is_owner = !m_cookie.empty() && is_same_secret(find_cookie(cookie_header, cookie_name), m_cookie);
    return is_owner ? m_user : std::string();
}

} // namespace quire::http
