#include "text/editorconfig.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

TEST_CASE("patterns of EditorConfig fit as it says")
{
    CHECK(editorconfig_fits("*", "a/b.c"));
    CHECK(editorconfig_fits("*.c", "a/b.c"));
    CHECK_FALSE(editorconfig_fits("*.c", "a/b.cc"));
    CHECK(editorconfig_fits("*.{c,h}", "b.h"));
    CHECK(editorconfig_fits("{Makefile,*.mk}", "x/Makefile"));
    CHECK_FALSE(editorconfig_fits("/*.c", "a/b.c"));
    CHECK(editorconfig_fits("/a/*.c", "a/b.c"));
    CHECK_FALSE(editorconfig_fits("a/*.c", "a/x/b.c"));
    CHECK(editorconfig_fits("a/**.c", "a/x/b.c"));
    CHECK(editorconfig_fits("a/**/*.c", "a/b.c"));
    CHECK(editorconfig_fits("b[a-c].?", "bb.x"));
    CHECK_FALSE(editorconfig_fits("b[!a-c].?", "bb.x"));
    CHECK(editorconfig_fits("v{1..12}", "v10"));
    CHECK_FALSE(editorconfig_fits("v{1..12}", "v13"));
    CHECK(editorconfig_fits("{a", "{a"));
}

TEST_CASE("the last section that fits says how wide a tab is")
{
    std::string_view file =
        "root = true\n[*]\nindent_size = 4\n\n[*.{go,mk}]\ntab_width = 2 \n[Makefile]\nindent_size = tab\n";
    CHECK(editorconfig_tab_width(file, "a.c") == 4);
    CHECK(editorconfig_tab_width(file, "x/a.go") == 2);
    CHECK(editorconfig_tab_width("[*.c]\ntab_width=3", "a.h") == std::nullopt);
    CHECK(editorconfig_tab_width("[*]\ntab_width=999", "a.h") == std::nullopt);
    CHECK(editorconfig_tab_width("[*]\r\nindent_size=2\r\n", "a.h") == 2);
    CHECK(is_root_editorconfig(file));
    CHECK_FALSE(is_root_editorconfig("[*]\nroot = true"));
    CHECK_FALSE(is_root_editorconfig(""));
}

TEST_CASE("a pattern that would take for ever fits nothing")
{
    std::string stars;
    for (int i = 0; i < 200; ++i)
        stars += "*a";
    CHECK_FALSE(editorconfig_fits(stars + "b", std::string(4000, 'a')));
    CHECK_FALSE(editorconfig_fits(std::string(500, '{') + std::string(500, '}'), "a"));
}
