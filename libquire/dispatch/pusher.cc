#include "dispatch/pusher.h"

#include "base/sha256.h"
#include "base/strings.h"
#include "sys/file.h"
#include "sys/process.h"
#include "text/escape.h"

namespace quire::dispatch {

constexpr size_t max_auth_info = 64u << 10;
constexpr size_t max_authorized_keys = 1u << 20;

bool is_pusher_name(std::string_view name)
{
    return !name.empty() && name.size() <= max_pusher_bytes && is_printable_utf8(name);
}

std::optional<PublicKey> key_in_auth_info(std::string_view auth_info)
{
    std::optional<PublicKey> key;
    for (std::string_view line : split(auth_info, '\n')) {
        if (!strip_prefix(line, "publickey "))
            continue;
        std::string_view type = take_until(line, ' ');
        std::string_view base64 = take_until(line, ' ');
        if (!type.empty() && !base64.empty())
            key = PublicKey{std::string(type), std::string(base64)};
    }
    return key;
}

std::optional<std::string> comment_of_key(std::string_view authorized_keys, const PublicKey& key)
{
    std::string wanted = fmt::format("{} {}", key.type, key.base64);
    for (std::string_view line : split(authorized_keys, '\n')) {
        line = trim(line);
        size_t at = line.find(wanted);
        if (line.starts_with('#') || at == std::string_view::npos || (at > 0 && line[at - 1] != ' '))
            continue;
        std::string_view behind = line.substr(at + wanted.size());
        if (!behind.starts_with(' '))
            continue;
        std::string_view comment = trim(behind);
        if (is_pusher_name(comment))
            return std::string(comment);
    }
    return std::nullopt;
}

std::optional<std::string> fingerprint(const PublicKey& key)
{
    auto blob = text::base64_decode(key.base64);
    if (!blob)
        return std::nullopt;
    Sha256 hash;
    hash.update(*blob);
    std::string digest = text::base64_encode(hash.finish());
    return "SHA256:" + digest.substr(0, digest.find('='));
}

std::string find_pusher(const std::optional<std::string>& option)
{
    if (option)
        return *option;
    auto auth_file = sys::process_variable("SSH_USER_AUTH");
    Result<std::string> auth_info = std::string();
    if (auth_file)
        auth_info = sys::read_file(AT_FDCWD, *auth_file, max_auth_info);
    auto key = auth_info ? key_in_auth_info(*auth_info) : std::nullopt;
    if (!key)
        return "operator";
    auto home = sys::process_variable("HOME");
    auto keys = sys::read_file(AT_FDCWD, home.value_or("") + "/.ssh/authorized_keys", max_authorized_keys);
    auto comment = keys ? comment_of_key(*keys, *key) : std::nullopt;
    if (!comment)
        comment = fingerprint(*key);
    return comment.value_or("operator");
}

} // namespace quire::dispatch
