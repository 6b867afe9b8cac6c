#include "dispatch/environment.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::dispatch {

/// Whether the value consists of letters, digits and `others`, and has at most `limit` bytes.
static bool is_made_of(std::string_view value, std::string_view others, size_t limit)
{
    return !value.empty() && value.size() <= limit && std::all_of(value.begin(), value.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

static bool is_home(std::string_view value)
{
    return value.starts_with('/') && value.size() <= 1024 && is_printable_utf8(value);
}

static bool is_locale(std::string_view value) { return is_made_of(value, "_.@-", 64); }

/// Accepts a zone's name or a POSIX rule, but no absolute path and no "..".
static bool is_time_zone(std::string_view value)
{
    return is_made_of(value, "_+-/,.<>:", 64) && value[0] != '/' && value[0] != ':' &&
           value.find("..") == std::string_view::npos;
}

static bool is_protocol(std::string_view value)
{
    return value == "version=0" || value == "version=1" || value == "version=2";
}

sys::Environment checked_environment(const Lookup& lookup)
{
    struct Passed {
        const char* name;
        bool (*is_good)(std::string_view);
    };
    constexpr Passed passed[] = {
        {"HOME", is_home}, {"LANG", is_locale}, {"TZ", is_time_zone}, {"GIT_PROTOCOL", is_protocol}};
    sys::Environment environment;
    sys::set_variable(environment, "PATH", sys::default_path);
    for (const Passed& variable : passed)
        if (auto value = lookup(variable.name); value && variable.is_good(*value))
            sys::set_variable(environment, variable.name, *value);
    return environment;
}

std::optional<std::string> terminal_kind(const Lookup& lookup)
{
    auto kind = lookup("TERM");
    return kind && is_made_of(*kind, "-_.+", 64) ? kind : std::nullopt;
}

std::string client_address(const Lookup& lookup)
{
    std::string connection = lookup("SSH_CONNECTION").value_or("");
    std::string address = connection.substr(0, connection.find(' '));
    return is_made_of(address, ".:%-_", 100) ? address : "";
}

} // namespace quire::dispatch
