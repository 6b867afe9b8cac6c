#include "dispatch/caller.h"

#include <algorithm>

#include "base/strings.h"
#include "store/authorized_keys.h"
#include "sys/file.h"

namespace quire::dispatch {

using store::KeyRights;

constexpr size_t max_auth_info = 64u << 10;

std::optional<store::PublicKey> key_in_auth_info(std::string_view auth_info)
{
    std::optional<store::PublicKey> key;
    for (std::string_view line : split(auth_info, '\n')) {
        if (!strip_prefix(line, "publickey "))
            continue;
        std::string_view type = take_until(line, ' ');
        std::string_view base64 = take_until(line, ' ');
        if (!type.empty() && !base64.empty())
            key = store::PublicKey{std::string(type), std::string(base64)};
    }
    return key;
}

static Result<std::optional<store::PublicKey>> find_key(const Invocation& invocation, const Lookup& lookup)
{
    if (invocation.auth_info) {
        auto key = key_in_auth_info(*invocation.auth_info);
        if (!key)
            return fail(ErrorKind::refused, "--auth-info names no key: sshd_config needs ExposeAuthInfo yes");
        return key;
    }
    auto file = lookup("SSH_USER_AUTH");
    if (!file)
        return std::optional<store::PublicKey>();
    auto text = sys::read_file(AT_FDCWD, *file, max_auth_info);
    if (!text)
        return fail(ErrorKind::refused, "can't tell which key logged in: {}", text.error().message);
    return key_in_auth_info(*text);
}

/// The bounds of both.
static KeyRights narrowed(const KeyRights& option, KeyRights line)
{
    if (!option.name.empty())
        line.name = option.name;
    line.only_reads |= option.only_reads;
    if (!line.only)
        line.only = option.only;
    else
        std::erase_if(*line.only, [&](const store::RepoName& name) { return !option.reaches(name); });
    return line;
}

/// Of a client that no key can be told of.
static Result<KeyRights> rights_without_key(const Invocation& invocation, const Lookup& lookup,
                                            const Result<std::string>& authorized_keys)
{
    KeyRights rights = invocation.rights;
    if (!rights.name.empty())
        return rights;
    rights.name = "operator";
    bool is_missing = !authorized_keys && authorized_keys.error().kind == ErrorKind::not_found;
    bool has_bounds = authorized_keys ? store::has_bounds(*authorized_keys) : !is_missing;
    if (has_bounds && lookup("SSH_CONNECTION"))
        return fail(ErrorKind::refused,
                    "authorized_keys bounds what keys may do, but sshd does not say which key logged "
                    "in: sshd_config needs ExposeAuthInfo yes, see quire-exec(8)");
    return rights;
}

Result<KeyRights> find_caller(const Invocation& invocation, const Lookup& lookup)
{
    std::string path = invocation.keys.value_or(fmt::format(
        "{}/{}/{}", lookup("HOME").value_or(""), store::authorized_keys_directory, store::authorized_keys_name));
    auto key = TRY(find_key(invocation, lookup));
    auto authorized_keys = sys::read_file(AT_FDCWD, path, store::max_authorized_keys_bytes);
    if (!key)
        return rights_without_key(invocation, lookup, authorized_keys);
    bool is_named = !invocation.rights.name.empty();
    if (!authorized_keys) {
        if (is_named) // the key stands somewhere else, with a command of its own
            return invocation.rights;
        return fail(ErrorKind::refused, "can't tell what the key that logged in may do: {}",
                    authorized_keys.error().message);
    }
    auto rights = store::rights_of_key(*authorized_keys, *key);
    if (!rights && rights.error().kind == ErrorKind::not_found && is_named)
        return invocation.rights;
    return narrowed(invocation.rights, TRY(std::move(rights)));
}

} // namespace quire::dispatch
