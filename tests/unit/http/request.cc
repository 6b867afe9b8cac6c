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

static Peer peer_of_v4(const char* text)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, text, &address.sin_addr);
    return classify_peer(reinterpret_cast<sockaddr*>(&address));
}

static Peer peer_of_v6(const char* text)
{
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    inet_pton(AF_INET6, text, &address.sin6_addr);
    return classify_peer(reinterpret_cast<sockaddr*>(&address));
}

TEST_CASE("only loopback and Unix-domain peers are local")
{
    CHECK(peer_of_v4("127.0.0.1") == Peer::local);
    CHECK(peer_of_v4("127.9.9.9") == Peer::local);
    CHECK(peer_of_v6("::1") == Peer::local);
    CHECK(peer_of_v6("::ffff:127.0.0.1") == Peer::local);
    for (const char* address : {"172.17.0.1", "10.0.0.1", "128.0.0.1", "0.0.0.0", "126.255.255.255"})
        CHECK(peer_of_v4(address) == Peer::remote);
    for (const char* address : {"::", "::2", "fe80::1", "::ffff:10.0.0.1", "::127.0.0.1"})
        CHECK(peer_of_v6(address) == Peer::remote);
    sockaddr_un unix_address{};
    unix_address.sun_family = AF_UNIX;
    CHECK(classify_peer(reinterpret_cast<sockaddr*>(&unix_address)) == Peer::local);
    CHECK(classify_peer(nullptr) == Peer::remote);
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

TEST_CASE("one's own reader is on this machine, claims nothing and asked for this machine")
{
    Claims plain{"", "", "127.0.0.1:8080"};
    CHECK(own_reader(Peer::local, plain, "me") == "me");
    CHECK(own_reader(Peer::remote, plain, "me").empty());
    CHECK(own_reader(Peer::local, {"", "", "rebound.example.org"}, "me").empty());
    CHECK(own_reader(Peer::local, {"", "", ""}, "me").empty());
    CHECK(own_reader(Peer::local, {"other", "", "127.0.0.1"}, "me").empty());
    CHECK(own_reader(Peer::local, {"", "guess", "127.0.0.1"}, "me").empty());
    CHECK(own_reader(Peer::local, plain, "").empty());
}

TEST_CASE("a claimed user is believed by the rule and by nothing else")
{
    CHECK(trusted_user(Peer::local, "me", "", "") == "me");
    CHECK(trusted_user(Peer::local, " \t", "", "").empty());
    CHECK(trusted_user(Peer::remote, "me", "", "").empty());
    CHECK(trusted_user(Peer::remote, "me", "anything", "").empty());
    // With a secret, never without it, wherever the peer is.
    CHECK(trusted_user(Peer::local, "me", "", "secret").empty());
    CHECK(trusted_user(Peer::local, "me", "Secret", "secret").empty());
    CHECK(trusted_user(Peer::remote, "me", "secret ", "secret").empty());
    CHECK(trusted_user(Peer::remote, "me", "secret", "secret") == "me");
    CHECK(trusted_user(Peer::local, "me", "secret", "secret") == "me");
}
