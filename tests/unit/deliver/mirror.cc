// Which addresses a mirror may have, and which refs an order means.
#include <catch2/catch_test_macros.hpp>

#include "deliver/push_refs.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::deliver;

TEST_CASE("a mirror's address is ssh or https, and nothing that git would take for more")
{
    struct Good {
        const char* url;
        bool is_ssh;
        const char* host;
        int64_t port;
    };
    for (const Good& good :
         {Good{"git@example.org:me/foo.git", true, "example.org", 22}, Good{"example.org:foo", true, "example.org", 22},
          Good{"ssh://git@example.org:2222/me/foo.git", true, "example.org", 2222},
          Good{"ssh://example.org/foo", true, "example.org", 22},
          Good{"https://example.org/me/foo.git", false, "example.org", 443},
          Good{"https://localhost:8443/x", false, "localhost", 8443}}) {
        INFO(good.url);
        auto parsed = parse_remote_url(good.url);
        REQUIRE(parsed);
        CHECK(parsed->is_ssh == good.is_ssh);
        CHECK(parsed->host == good.host);
        CHECK(parsed->port == good.port);
    }
    for (const char* bad : {"",
                            "-oProxyCommand=x:y",
                            "/etc/passwd",
                            "../x",
                            "file:///x",
                            "http://example.org/x",
                            "git://example.org/x",
                            "ext::sh",
                            "ssh://-oProxyCommand=x/y",
                            "git@-x:y",
                            "ssh://git:pw@example.org/x",
                            "ssh://example.org",
                            "https://user@example.org/x",
                            "https:///x",
                            "https://example.org:0/x",
                            "https://example.org:99999/x",
                            "ssh://git@exa mple.org/x",
                            "git@example.org:a\nb",
                            "git@exämple.org:x",
                            "git@$(id):x",
                            "foo",
                            ":foo",
                            "https://example.org\\@evil.org/x"}) {
        INFO(bad);
        CHECK_FALSE(parse_remote_url(bad));
    }
}

TEST_CASE("a star stands for anything, and a pattern is the whole name")
{
    CHECK(fits_pattern("refs/heads/main", "refs/heads/main"));
    CHECK_FALSE(fits_pattern("refs/heads/main", "refs/heads/main2"));
    CHECK_FALSE(fits_pattern("refs/heads/main", "xrefs/heads/main"));
    CHECK(fits_pattern("refs/heads/*", "refs/heads/a/b"));
    CHECK_FALSE(fits_pattern("refs/heads/*", "refs/tags/a"));
    CHECK(fits_pattern("refs/*/v*", "refs/tags/v1"));
    CHECK(fits_pattern("refs/*/v*.1", "refs/tags/v1.0.1"));
    CHECK_FALSE(fits_pattern("refs/*/v*.1", "refs/tags/v1.0.2"));
    CHECK(fits_pattern("refs/heads/a*", "refs/heads/a"));
    // What would take a naive one for ever.
    CHECK_FALSE(fits_pattern("refs/" + std::string(100, '*') + "b", "refs/" + std::string(5000, 'a')));
}

TEST_CASE("an order says which refs, and comes back as it was")
{
    auto order = push_order_from_data(text::Data(text::Data::Table{}));
    REQUIRE(order);
    CHECK(order->refs == std::vector<std::string>{"refs/heads/*", "refs/tags/*"});
    CHECK_FALSE(order->prune);
    text::Data data =
        text::read_fnl("{:refs [\"refs/heads/main\"] :force [\"refs/heads/*\"] :prune true}", "x").value();
    order = push_order_from_data(data);
    REQUIRE(order);
    CHECK(push_order_from_data(to_data(*order))->force == std::vector<std::string>{"refs/heads/*"});
    CHECK(push_order_from_data(to_data(*order))->prune);
    for (const char* bad :
         {"{:refs \"refs/heads/main\"}", "{:refs [\"main\"]}", "{:refs [\"refs/heads/a:refs/heads/b\"]}",
          "{:refs [\"+refs/heads/a\"]}", "{:refs [7]}", "{:refs [\"refs/heads/a b\"]}", "{:refs [\"refs/\"]}",
          "{:force [\"--mirror\"]}", "{:prune \"yes\"}", "{:refs [\"refs/heads/a\\nb\"]}"}) {
        INFO(bad);
        CHECK_FALSE(push_order_from_data(text::read_fnl(bad, "x").value()));
    }
}

TEST_CASE("what git says why is one line, the remote's own words with it")
{
    auto reason = [](const char* text) { return reason_of({.status = 128, .out = "", .err = text}); };
    CHECK(reason("fatal: unable to access 'https://x/': The requested URL returned error: 403\n") ==
          "fatal: unable to access 'https://x/': The requested URL returned error: 403");
    CHECK(reason("git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\n"
                 "Please make sure you have the correct access rights\nand the repository exists.\n") ==
          "git@x: Permission denied (publickey).");
    CHECK(
        reason("remote: key is read only\nfatal: Could not read from remote repository.\n").find("key is read only") !=
        std::string::npos);
    CHECK(reason("@@@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@\n").find("pinned") !=
          std::string::npos);
    CHECK(reason("") == "git ended with 128");
    CHECK(reason("fatal: a\x1b[31m").find('\x1b') == std::string::npos);
}
