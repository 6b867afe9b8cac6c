#include "git/tree_object.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using git::TreeEntry;

static std::string entry(std::string_view mode, std::string_view name, char id = 'i')
{
    return std::string(mode) + " " + std::string(name) + std::string(1, '\0') + std::string(20, id);
}

TEST_CASE("a tree's entries are read in their order")
{
    std::string content = entry("100644", "a.b", '1') + entry("40000", "a", '2') + entry("100755", "a0", '3') +
                          entry("120000", "link", '4') + entry("160000", "module", '5');
    auto entries = git::parse_tree(content, 20);
    REQUIRE(entries);
    REQUIRE(entries->size() == 5);
    CHECK((*entries)[0].name == "a.b");
    CHECK((*entries)[1].kind == TreeEntry::Kind::directory);
    CHECK((*entries)[2].kind == TreeEntry::Kind::executable);
    CHECK((*entries)[3].id == std::string(20, '4'));
    CHECK((*entries)[4].kind == TreeEntry::Kind::submodule);
    CHECK(git::parse_tree("", 20)->empty());
}

TEST_CASE("what git would not write is no tree")
{
    for (const std::string& content :
         {std::string("100644 a"), entry("100644", "a").substr(0, 25), entry("100644", ""), entry("100664", "a"),
          entry("0100644", "a"), entry("", "a"), entry("40000", "a") + entry("100644", "a.b"),
          entry("100644", "a") + entry("100644", "a"), entry("100644", "b") + entry("100644", "a"), std::string("x"),
          entry("100644", "a") + "100644 b"}) {
        INFO(content);
        CHECK_FALSE(git::parse_tree(content, 20));
    }
    CHECK_FALSE(git::parse_tree(entry("100644", "a"), 32)); // an id of the other kind
}

TEST_CASE("names that are a path, or like .git anywhere, are not plain")
{
    for (const char* name : {"a", "ci.fnl", ".quire", "a b", "-x", "..a", "...", "\xc3\xbc", ".gitignore", ".github",
                             "git", "a.git", ".editorconfig", "*"})
        CHECK(git::is_plain_name(name));
    for (const char* name : {"",
                             ".",
                             "..",
                             "a/b",
                             "/",
                             "a\\b",
                             ".git",
                             ".GIT",
                             ".Git",
                             ".git ",
                             ".git.",
                             "git~1",
                             ".gitattributes",
                             ".GitAttributes",
                             ".gitmodules",
                             ".g\xe2\x80\x8cit",
                             ".git::$INDEX_ALLOCATION",
                             "a\nb",
                             "a\x7f",
                             "x:y"})
        CHECK_FALSE(git::is_plain_name(name));
}
