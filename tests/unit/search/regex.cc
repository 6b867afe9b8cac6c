#include "search/regex.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <regex>

#include "support/random.h"

using namespace quire;
using namespace quire::search;

static bool matches(std::string_view pattern, std::string_view line, bool ignores_case = false)
{
    auto program = RegexProgram::compile(pattern, ignores_case);
    REQUIRE(program);
    return LineMatcher(*program).matches(line);
}

static std::string first(std::string_view pattern, std::string_view line)
{
    auto program = RegexProgram::compile(pattern, false);
    REQUIRE(program);
    auto span = LineMatcher(*program).find(line);
    return span ? std::string(line.substr(span->begin, span->end - span->begin)) : "no match";
}

TEST_CASE("what a regular expression matches")
{
    CHECK(matches("a.c", "xabcx"));
    CHECK(!matches("a.c", "ac"));
    CHECK(matches("^ab|cd$", "xxcd"));
    CHECK(!matches("^ab|cd$", "xabcdx"));
    CHECK(matches("\\bint\\b", "an int here"));
    CHECK(!matches("\\bint\\b", "print"));
    CHECK(matches("\\Bint\\b", "print"));
    CHECK(matches("[^a-c]x{2,3}y", "dxxy"));
    CHECK(!matches("[^a-c]x{2,3}y", "dxy"));
    CHECK(matches("(foo|ba[rz])+_t", "foobaz_t"));
    CHECK(matches("[[:digit:]]+\\s\\S", "12 a"));
    CHECK(matches("[]x]", "]"));
    CHECK(matches("a{,2}", "a{,2}")); // a plain brace
    CHECK(matches("gr(ü|ö)ße", "größe"));
    CHECK(matches("STRASSE", "strasse", true));
    CHECK(matches("[A-Z]x", "ax", true));
    CHECK(!matches("[^a]x", "Ax", true));
    CHECK(first("a+", "baaac") == "aaa");
    CHECK(first("x*", "yx").empty());
    CHECK(first("int|integer", "an integer") == "integer"); // the longest one
}

TEST_CASE("what is no regular expression is refused with a reason")
{
    for (const char* bad : {"(", ")", "a)", "[", "[a", "*", "a**", "+", "\\", "\\1", "(?=a)", "(?<n>a)", "a{3,2}",
                            "[b-a]", "[[:nosuch:]]", "a{1001}", "\\q", "[é]", "((((a{99}){99}){99}){99})"}) {
        INFO(bad);
        auto program = RegexProgram::compile(bad, false);
        REQUIRE(!program);
        CHECK(program.error().kind == ErrorKind::invalid);
        CHECK(!program.error().message.empty());
    }
    CHECK(!RegexProgram::compile(std::string(300, '('), false));
}

TEST_CASE("a hostile expression takes linear time and little room")
{
    std::string text(200'000, 'a');
    CHECK(!matches("(a|aa)*(a|a)*b", text));
    CHECK(!matches("(a*)*(a*)*(a*)*c", text));
    CHECK(!matches("a{500}b", text));
    // As many states as there are windows of 14 bytes.
    tests::Random random(1);
    std::string bits;
    for (int i = 0; i < 200'000; ++i)
        bits += random.one_in(2) ? 'a' : 'b';
    CHECK(!matches("a[ab]{14}c", bits));
}

/// An expression of the syntax that ECMAScript shares.
static std::string random_pattern(tests::Random& random, int depth)
{
    std::string out;
    for (size_t parts = 1 + random.below(3); parts > 0; --parts) {
        static const std::array<std::string_view, 11> atoms = {"a",   "b", "c", ".",   "[ab]", "[^a]",
                                                               "\\b", "^", "$", "\\w", "ab"};
        bool is_group = depth < 3 && random.one_in(3);
        std::string atom = is_group
                               ? "(" + random_pattern(random, depth + 1) + "|" + random_pattern(random, depth + 1) + ")"
                               : std::string(random.pick(atoms));
        bool takes = is_group || atom.find_first_of("abc.[w") != std::string::npos;
        if (takes && atom != "\\b" && atom != "ab" && random.one_in(3))
            atom += random.pick(std::array<std::string_view, 5>{"*", "+", "?", "{2}", "{1,2}"});
        out += atom;
    }
    return out;
}

TEST_CASE("random expressions match what the standard library's match, and need what they say")
{
    tests::Random random(7);
    for (int i = 0; i < 1500; ++i) {
        std::string pattern = random_pattern(random, 0);
        auto program = RegexProgram::compile(pattern, false);
        INFO(pattern);
        REQUIRE(program);
        std::regex same(pattern, std::regex::ECMAScript);
        LineMatcher matcher(*program);
        for (int j = 0; j < 20; ++j) {
            std::string line = random.text("abc _", 8);
            INFO(line);
            bool expected = std::regex_search(line, same);
            CHECK(matcher.matches(line) == expected);
            CHECK(matcher.find(line).has_value() == expected);
            // Longer lines, for which the library takes too long; a fresh matcher has learnt nothing from other lines.
            std::string longer = random.text("aaaabc_", 60);
            INFO(longer);
            CHECK(matcher.matches(longer) == LineMatcher(*program).find(longer).has_value());
        }
    }
}

static bool fulfils(const Need& need, std::string_view folded)
{
    auto one = [&](const Need& part) { return fulfils(part, folded); };
    switch (need.kind) {
    case Need::Kind::nothing:
        return true;
    case Need::Kind::trigram:
        return folded.find(key_of(need.trigram)) != std::string_view::npos;
    case Need::Kind::all:
        return std::all_of(need.parts.begin(), need.parts.end(), one);
    case Need::Kind::any:
        return std::any_of(need.parts.begin(), need.parts.end(), one);
    }
    return false;
}

TEST_CASE("no text that matches lacks a trigram that the expression needs")
{
    tests::Random random(11);
    size_t useful = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string pattern;
        for (int j = 0; j < 3; ++j)
            pattern += random_pattern(random, 1) + random.text("abcdAB", 4);
        auto program = RegexProgram::compile(pattern, true);
        REQUIRE(program);
        useful += program->need.kind != Need::Kind::nothing;
        LineMatcher matcher(*program);
        for (int j = 0; j < 20; ++j) {
            std::string line = random.text("abcdAB ", 20), folded;
            fold(line, folded);
            INFO(pattern << " | " << line);
            if (!matcher.matches(line))
                continue;
            CHECK(fulfils(program->need, folded));
            CHECK(folded.find(program->literal) != std::string::npos);
        }
    }
    CHECK(useful > 1000);
    auto needs = [](const char* pattern) { return RegexProgram::compile(pattern, true)->need.count(); };
    CHECK(needs("hello") == 3);
    CHECK(needs("hello|help") == 5);
    CHECK(needs("foo.*bar") == 2);
    CHECK(needs("(foo|bar)baz") == 8);
    CHECK(needs("ab.cd") == 0);
    CHECK(needs("x{3}[0-9]") == 1);
    CHECK(RegexProgram::compile("int \\w+_Commit\\(", true)->literal == "_commit(");
    CHECK(RegexProgram::compile("a(b|c)d|e", true)->literal.empty());
    CHECK(RegexProgram::compile("fn \\w+_Commit|int \\w+_commit\\(", true)->literal == "_commit");
    CHECK(RegexProgram::compile("(one_name|name_two)\\d", true)->literal == "name");
    CHECK(RegexProgram::compile("(\\d+abcd)+", true)->literal == "abcd");
    CHECK(RegexProgram::compile("fn \\w+_commit|int \\w+_tree", true)->literal.empty());
    CHECK(RegexProgram::compile("name|", true)->literal.empty());
}
