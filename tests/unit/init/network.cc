// What of a sandbox's network can be told without making one: addresses, name servers. The rest: tests/executors.
#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>

#include "init/fence.h"
#include "init/network.h"

using namespace quire::init;

TEST_CASE("addresses and ranges are read whole or not at all")
{
    auto v4 = parse_prefix("192.0.2.0/24");
    REQUIRE(v4.has_value());
    CHECK(v4->family == AF_INET);
    CHECK(v4->length == 24);
    CHECK(v4->bytes[0] == 192);
    CHECK(parse_prefix("192.0.2.1")->length == 32);
    CHECK(parse_prefix("fe80::/10")->length == 10);
    CHECK(parse_prefix("::1")->length == 128);
    for (const char* text : {"", "host", "192.0.2", "192.0.2.1/33", "::1/129", "192.0.2.1/", "192.0.2.1/8x", "::1/-1"})
        CHECK_FALSE(parse_prefix(text).has_value());
}

TEST_CASE("name servers are those of the lines that name one")
{
    CHECK(name_servers_of("nameserver 192.0.2.1\n# nameserver 9.9.9.9\nnameserver\tfd00::53 \nnameservers x\n"
                          "search nameserver 1\nnameserver 192.0.2.2") ==
          std::vector<std::string>{"192.0.2.1", "fd00::53", "192.0.2.2"});
    CHECK(name_servers_of("").empty());
}

TEST_CASE("inside, the machine's search list stays and its name servers become the translator's")
{
    CHECK(inside_resolv_conf("nameserver 127.0.0.53\noptions edns0\nsearch home.test\n") ==
          "nameserver 198.18.71.3\noptions edns0\nsearch home.test\n");
    CHECK(inside_resolv_conf("nameserver 2001:db8::1\n") == "nameserver fd00::3\n");
    CHECK(inside_resolv_conf("nameserver ::1\nnameserver 192.0.2.1\n") ==
          "nameserver 198.18.71.3\nnameserver fd00::3\n");
    CHECK(inside_resolv_conf("") == "nameserver 198.18.71.3\n");
}
