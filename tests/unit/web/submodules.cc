#include "web/code/submodules.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::web;

static std::string leads_to(const char* name, const char* address)
{
    auto url = submodule_link(store::RepoName::parse(name).value(), address);
    return url ? url->str() : "-";
}

TEST_CASE("submodules: .gitmodules is read as git does, and what is broken passed over")
{
    auto found =
        parse_gitmodules("[submodule \"a\"]\n\tpath = lib/a ; note\n\turl = https://x/a.git\n"
                         "[submodule \"b\"]\n path = \"with blank \"\n URL=\"../b#1\"\n"
                         "[submodule \"c\"]\n path = c\n[submodule \"d\"]\n url = https://x/d\nnonsense\n"
                         "[submodule \"e\"]\n path = e\n url = \"open\n[submodule \"f\"]\n path = f\\q\n url = x\n");
    REQUIRE(found.size() == 2);
    CHECK(found["lib/a"] == "https://x/a.git");
    CHECK(found["with blank "] == "../b#1");
    CHECK(parse_gitmodules("").empty());
}

TEST_CASE("submodules: only harmless addresses become links")
{
    CHECK(leads_to("foo", "https://example.org/a.git") == "https://example.org/a");
    CHECK(leads_to("foo", "http://example.org/a/") == "http://example.org/a");
    CHECK(leads_to("foo", "../bar.git") == "/bar");
    CHECK(leads_to("work/foo", "../bar") == "/work/bar");
    CHECK(leads_to("work/foo", "../../bar") == "/bar");
    for (const char* bad : {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ext::sh -c x",
                            "git@host:a", "ssh://host/a", "https://user:secret@host/a", "https://", "//host/a",
                            "../../../bar", "../a/b/c/d", "-x", "", "https://a b", "https://a\\b", "../-x", "../.."})
        CHECK(leads_to("foo", bad) == "-");
}
