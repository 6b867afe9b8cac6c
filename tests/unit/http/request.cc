#include "http/request.h"

#include <catch2/catch_test_macros.hpp>

#include "http/identity.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

using namespace quire;
using namespace quire::http;

TEST_CASE("a target is decoded once, component by component")
{
    auto target = parse_target("/work/bar/-/tree/main/a%20b/%252e?q=x+y&q=z&empty&%3d=%26");
    REQUIRE(target);
    CHECK(target->path == std::vector<std::string>{"work", "bar", "-", "tree", "main", "a b", "%2e"});
    REQUIRE(target->query.size() == 4);
    CHECK(target->query[0] == std::pair<std::string, std::string>{"q", "x y"});
    CHECK(target->query[2] == std::pair<std::string, std::string>{"empty", ""});
    CHECK(target->query[3] == std::pair<std::string, std::string>{"=", "&"});
}

TEST_CASE("the top has no components and one trailing slash means nothing")
{
    CHECK(parse_target("/")->path.empty());
    CHECK(parse_target("/foo/")->path == std::vector<std::string>{"foo"});
}

TEST_CASE("malformed targets are refused")
{
    for (const char* raw : {"",     "foo",   "*",      "http://host/", "//",        "//foo",  "/foo//bar",
                            "/.",   "/./a",  "/..",    "/a/../b",      "/%2e%2e/a", "/a%2fb", "/%",
                            "/%4",  "/%zz",  "/%00",   "/a%00b",       "/a?b=%00",  "/a?b=%", "/a?%0a=b",
                            "/a b", "/a\tb", "/a\x80", "/a#b",         "/a\\b",     "/\"",    "/<a>"})
        CHECK_FALSE(parse_target(raw));
    CHECK_FALSE(parse_target("/" + std::string(max_target_bytes, 'a')));
}

TEST_CASE("gzip is used only when it is allowed")
{
    CHECK(allows_gzip("gzip"));
    CHECK(allows_gzip("deflate, GZIP;q=0.5"));
    CHECK(allows_gzip("*"));
    for (const char* header : {"", "identity", "gzip;q=0", "gzip; q=0.0", "xgzip", "br"})
        CHECK_FALSE(allows_gzip(header));
}

TEST_CASE("an entity tag is compared whole")
{
    CHECK(matches_etag("\"a\", W/\"b\"", "\"b\""));
    CHECK(matches_etag("*", "\"b\""));
    CHECK_FALSE(matches_etag("\"bb\"", "\"b\""));
    CHECK_FALSE(matches_etag("", "\"b\""));
}

static std::string address_of_v4(const char* text)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, text, &address.sin_addr);
    return address_of(reinterpret_cast<sockaddr*>(&address));
}

static std::string address_of_v6(const char* text)
{
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    inet_pton(AF_INET6, text, &address.sin6_addr);
    return address_of(reinterpret_cast<sockaddr*>(&address));
}

TEST_CASE("an address is who shares the server: an IPv4 address, or the network of an IPv6 one")
{
    CHECK(address_of_v4("192.0.2.7") == "192.0.2.7");
    CHECK(address_of_v6("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(address_of_v6("2001:db8:1:2:3:4:5:6") == address_of_v6("2001:db8:1:2::9"));
    CHECK(address_of_v6("2001:db8:1:2::9") != address_of_v6("2001:db8:1:3::9"));
    sockaddr_un unix_address{};
    unix_address.sun_family = AF_UNIX;
    CHECK(address_of(reinterpret_cast<sockaddr*>(&unix_address)).empty());
    CHECK(address_of(nullptr).empty());
}

TEST_CASE("a host is this machine by its literal names alone")
{
    for (const char* own : {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:80", "[::1]", "[::1]:8080"})
        CHECK(is_loopback_host(own));
    for (const char* other : {"",
                              ":",
                              ":8080",
                              "::1",
                              "127.0.0.1.example.org",
                              "127.0.0.2",
                              "127.0.0.1:80:80",
                              "localhost.example.org:80",
                              "x.localhost",
                              "0.0.0.0:8080",
                              "[::]:80",
                              "[::1]x:80",
                              "[::1",
                              "example.org",
                              " localhost",
                              "localhost.",
                              "127.1",
                              "2130706433",
                              "0:8080",
                              "user@127.0.0.1",
                              "[::ffff:127.0.0.1]"}) {
        INFO(other);
        CHECK_FALSE(is_loopback_host(other));
    }
}

static const std::string proxy_secret = "0123456789abcdef";

static std::string user_by(Door door, Claims claims, const std::string& secret = proxy_secret)
{
    return identify({door, "192.0.2.1"}, claims, secret, Login()).user;
}

TEST_CASE("over TCP a claimed user is believed with the secret and by nothing else")
{
    CHECK(user_by(Door::tcp, {.user = "me", .secret = proxy_secret}) == "me");
    CHECK(user_by(Door::tcp, {.user = " \t", .secret = proxy_secret}).empty());
    CHECK(user_by(Door::tcp, {.secret = proxy_secret}).empty());
    for (const char* wrong : {"", "0123456789abcdeF", "0123456789abcdef ", "0123456789abcde", "x"}) {
        CHECK(user_by(Door::tcp, {.user = "me", .secret = wrong}).empty());
        CHECK(user_by(Door::tcp, {.user = "me", .secret = wrong, .host = "127.0.0.1"}).empty());
    }
    // Without a secret nobody is believed, whatever is sent.
    CHECK(user_by(Door::tcp, {.user = "me"}, "").empty());
    CHECK(user_by(Door::tcp, {.user = "me", .secret = "x"}, "").empty());
}

TEST_CASE("through a Unix-domain socket a claimed user needs no secret")
{
    CHECK(user_by(Door::unix_socket, {.user = "me"}) == "me");
    CHECK(user_by(Door::unix_socket, {.user = "me"}, "") == "me");
    CHECK(user_by(Door::unix_socket, {.user = " "}).empty());
}

TEST_CASE("a forwarded address is believed from a proxy, and then the last one")
{
    auto address_by = [](Door door, Claims claims) {
        return identify({door, "192.0.2.1"}, claims, proxy_secret, Login()).address;
    };
    CHECK(address_by(Door::tcp, {.secret = proxy_secret, .forwarded = "10.0.0.1, 203.0.113.5"}) == "203.0.113.5");
    CHECK(address_by(Door::unix_socket, {.forwarded = "2001:db8::1:2:3:4"}) == "2001:db8::");
    CHECK(address_by(Door::tcp, {.forwarded = "203.0.113.5"}) == "192.0.2.1");
    CHECK(address_by(Door::tcp, {.secret = "wrong", .forwarded = "203.0.113.5"}) == "192.0.2.1");
    for (const char* none : {"", "unknown", "203.0.113.5,", "203.0.113.5:80", "1.2.3.4, x"})
        CHECK(address_by(Door::unix_socket, {.forwarded = none}) == "192.0.2.1");
}

TEST_CASE("a program of the operator's has the secret, is on this machine, and speaks for nobody")
{
    auto is_one = [](Door door, const std::string& from, Claims claims) {
        return identify({door, from}, claims, proxy_secret, Login()).is_operators_program;
    };
    CHECK(is_one(Door::tcp, "127.0.0.1", {.secret = proxy_secret}));
    CHECK(is_one(Door::tcp, "::", {.secret = proxy_secret})); // [::1], as address_of has it
    CHECK_FALSE(is_one(Door::tcp, "127.0.0.1", {.secret = "wrong"}));
    CHECK_FALSE(is_one(Door::tcp, "127.0.0.1", {.secret = proxy_secret, .forwarded = "203.0.113.5"}));
    CHECK_FALSE(is_one(Door::tcp, "127.0.0.1", {.secret = proxy_secret, .forwarded = "unknown"}));
    CHECK_FALSE(is_one(Door::tcp, "192.0.2.1", {.secret = proxy_secret}));
    CHECK_FALSE(is_one(Door::unix_socket, "", {.secret = proxy_secret}));
}

TEST_CASE("an owner has a cookie for the key, and it counts on this machine alone")
{
    Login login("me", "a key that is long enough, and random");
    CHECK(login.accepts("a key that is long enough, and random"));
    for (const char* wrong : {"", "a key that is long enough, and randoM", "a key"})
        CHECK_FALSE(login.accepts(wrong));
    std::string cookie = login.set_cookie().substr(0, login.set_cookie().find(';'));
    CHECK(cookie.find("random") == std::string::npos);
    auto user = [&](const std::string& header, const char* host) {
        return identify({Door::tcp, ""}, {.cookie = header, .host = host}, proxy_secret, login).user;
    };
    CHECK(user(cookie, "127.0.0.1:8080") == "me");
    CHECK(user("other=1; " + cookie + "; more=2", "localhost") == "me");
    CHECK(user(cookie, "rebound.example.org").empty());
    CHECK(user(cookie, "").empty());
    for (const std::string& wrong : {std::string(), cookie + "0", cookie.substr(0, cookie.size() - 1), "x" + cookie,
                                     cookie + "; " + cookie, std::string("quire-login"), std::string("quire-login=")})
        CHECK(user(wrong, "127.0.0.1").empty());
    // Another key, another cookie; and where nobody can log in, no key and no cookie does.
    CHECK(Login("me", "another key that is long enough").user_of(cookie).empty());
    CHECK_FALSE(Login().accepts(""));
    CHECK(Login().user_of("quire-login=").empty());
}

TEST_CASE("a cookie is found by its whole name")
{
    CHECK(find_cookie("a=1; b=2", "b") == "2");
    CHECK(find_cookie("a=1;b=\"2=3\"", "b") == "\"2=3\"");
    CHECK(find_cookie("ab=1; ba=2", "b").empty());
    CHECK(find_cookie("b=1; b=1", "b").empty());
    CHECK(find_cookie("", "b").empty());
}

TEST_CASE("a page is for those who name HTML")
{
    CHECK(allows_html("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"));
    CHECK(allows_html("application/xhtml+xml, TEXT/HTML ;q=0.9"));
    CHECK_FALSE(allows_html("*/*"));
    CHECK_FALSE(allows_html("application/x-git-upload-pack-result"));
    CHECK_FALSE(allows_html("text/html5"));
    CHECK_FALSE(allows_html(""));
}
