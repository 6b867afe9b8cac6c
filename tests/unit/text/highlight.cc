#include "text/highlight.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

/// Each piece as "<letter>piece|", plain ones without a letter.
static std::string shown(std::string_view file, std::string_view source)
{
    std::string out, all;
    highlight(source, find_language(file, source), [&](Token token, std::string_view piece) {
        all += piece;
        if (token == Token::plain)
            out += piece;
        else
            out += std::string("[") + " csnkd"[static_cast<int>(token)] + ":" + std::string(piece) + "]";
    });
    CHECK(all == source); // nothing is lost or added
    return out;
}

TEST_CASE("Fennel is known")
{
    CHECK(shown("a.fnl", "(fn f [x] ; y\n  (. x :key) \"s\\\"t\" 42)") ==
          "([k:fn] f [x] [c:; y]\n  (. x [s::key]) [s:\"s\\\"t\"] [n:42])");
}

TEST_CASE("comments, strings and directives end where they should")
{
    CHECK(shown("a.c", "#include <x>\nint a = '\\''; /* b\nc */ return 1; // d\n") ==
          "[d:#include <x>]\n[k:int] a = [s:'\\'']; [c:/* b]\n[c:c */] [k:return] [n:1]; [c:// d]\n");
    CHECK(shown("a.py", "x = \"\"\"a\nb\"\"\" # c") == "x = [s:\"\"\"a]\n[s:b\"\"\"] [c:# c]");
    CHECK(shown("a.lua", "--[[ a\nb ]] local x -- c") == "[c:--[[ a]\n[c:b ]]] [k:local] x [c:-- c]");
    CHECK(shown("a.sh", "echo a#b # c") == "echo a#b [c:# c]");
    CHECK(shown("a.c", "\"never closed\nint") == "[s:\"never closed]\n[k:int]");
}

TEST_CASE("the first line names a language where the file's name does not")
{
    CHECK(shown("run", "#!/bin/sh\nif x") == "[c:#!/bin/sh]\n[k:if] x");
    CHECK(find_language("notes", "if 1") == nullptr);
    CHECK(shown("notes", "if 1 \"a") == "if 1 \"a");
}
