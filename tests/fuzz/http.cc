// What a browser or a proxy says of itself: a target, a cookie, an address.
#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "http/identity.h"
#include "http/request.h"
#include "text/escape.h"

using namespace quire;
using namespace quire::http;
using quire::fuzz::require;

FUZZ_SEEDS("/?&=%+;, .-:0123456789abcdefA\x7f\x01\"<>#\\", "/work/bar/-/tree/main/a%20b/%252e?q=x+y&q=z&empty&%3d=%26",
           "/foo/-/log?from=0123456789abcdef&author=a%40b", "/", "//", "/%2e%2e/", "/a?b=%00", "/?", "/foo/",
           "a=b; quire-login=0123456789abcdef; c=d", "quire-login=\"x\";quire-login=y", "10.0.0.1, 203.0.113.5",
           "2001:db8::1, ::ffff:192.0.2.1", "unknown")

static void try_target(std::string_view input)
{
    auto target = parse_target(input);
    if (!target) {
        require(target.error().kind == ErrorKind::invalid && !target.error().message.empty(), "a refusal has a reason");
        return;
    }
    require(input.size() <= max_target_bytes && input.starts_with('/'), "a target is short and begins with a slash");
    std::string again = target->path.empty() ? "/" : "";
    for (const std::string& part : target->path) {
        bool stays = !part.empty() && part != "." && part != ".." &&
                     part.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
        require(stays, "a part of a path is a name");
        again += "/" + text::percent_encode(part);
    }
    for (const auto& [name, value] : target->query) {
        require(value.find('\0') == std::string::npos, "no value has a NUL");
        for (unsigned char c : name)
            require(c >= 0x20 && c != 0x7f, "no name has a control byte");
        again += fmt::format("{}{}={}", &name == &target->query[0].first ? "?" : "&", text::percent_encode(name),
                             text::percent_encode(value));
    }
    if (again.size() > max_target_bytes)
        return;
    auto same = parse_target(again);
    require(same && same->path == target->path && same->query == target->query,
            "what was read can be written and read");
}

FUZZ_TARGET(input)
{
    try_target(input);
    std::string_view value = find_cookie(input, "quire-login");
    require(value.find(';') == std::string_view::npos, "a cookie ends where the next begins");
    require(value.empty() || input.find("quire-login") != std::string_view::npos, "a cookie is one that was sent");

    static const Login login("me", "a key that is long enough, and nobody can guess");
    Claims claims{.user = std::string(input),
                  .secret = std::string(input),
                  .forwarded = std::string(input),
                  .cookie = std::string(input),
                  .host = std::string(input)};
    Identity stranger = identify({Door::tcp, "192.0.2.1"}, claims, "the secret of a proxy", login);
    require(stranger.user.empty() && stranger.address == "192.0.2.1", "whatever strangers say, they are nobody");
    Identity client = identify({Door::unix_socket, "192.0.2.1"}, claims, "", login);
    require(client.user == trim(input), "a proxy is believed");
    require(client.address.find_first_not_of("0123456789abcdef.:") == std::string::npos, "an address is numeric");
}
