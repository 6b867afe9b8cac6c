#include "search/query.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::search;

static Hits scan(std::string_view words, std::string_view text, Syntax syntax = Syntax::words,
                 Case letter_case = Case::ignored)
{
    auto query = Query::parse(words, syntax, letter_case);
    REQUIRE(query);
    return Matcher(*query).scan(text, 10, 1000, Patience());
}

static std::vector<uint32_t> numbers(const Hits& hits)
{
    std::vector<uint32_t> lines;
    for (const Line& line : hits.lines)
        lines.push_back(line.number);
    return lines;
}

using Numbers = std::vector<uint32_t>;

TEST_CASE("words are looked for in a whole file, and shown by line")
{
    std::string_view text = "first Foo\nsecond bar\nthird\nfoo and bar\n";
    CHECK(numbers(scan("foo bar", text)) == Numbers{1, 2, 4});
    CHECK(numbers(scan("foo nosuch", text)).empty());
    CHECK(numbers(scan("\"foo and\"", text)) == Numbers{4});
    CHECK(numbers(scan("foo", text, Syntax::words, Case::respected)) == Numbers{4});
    CHECK(numbers(scan("\"", "a \" b\nc")) == Numbers{1}); // a lone quote
    CHECK(numbers(scan("third", text)) == Numbers{3});
    CHECK(numbers(scan("bar", "bar")) == Numbers{1});
    Hits hits = scan("foo bar", text);
    CHECK(hits.lines[2].score > hits.lines[0].score); // both words
    CHECK(hits.lines[2].marks == std::vector<std::pair<uint32_t, uint32_t>>{{0, 3}, {8, 11}});
    CHECK(hits.lines[0].marks == std::vector<std::pair<uint32_t, uint32_t>>{{6, 9}});
}

TEST_CASE("many lines: the best are kept, all are counted")
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += i == 90 ? "the word itself\n" : "swords\n";
    Hits hits = scan("word", text);
    CHECK(hits.count == 100);
    REQUIRE(hits.lines.size() == 10);
    CHECK(hits.lines.back().number == 91);
}

TEST_CASE("an expression is looked for line by line")
{
    std::string_view text = "int a;\r\nlong int b;\nno\n";
    CHECK(numbers(scan("^int", text, Syntax::regex)) == Numbers{1});
    CHECK(numbers(scan(";$", text, Syntax::regex)) == Numbers{1, 2});
    CHECK(numbers(scan("a.*b", text, Syntax::regex)).empty());
    Hits hits = scan("[ab];", text, Syntax::regex);
    REQUIRE(hits.lines.size() == 2);
    CHECK(hits.lines[1].marks == std::vector<std::pair<uint32_t, uint32_t>>{{9, 11}});
}

TEST_CASE("a name is found as a word of its own")
{
    Query query = Query::of_name("main");
    Matcher matcher(query);
    CHECK(matcher.scan("int main(void)", 5, 5, Patience()).count == 1);
    CHECK(matcher.scan("int Main(void) domain mainly main_loop", 5, 5, Patience()).count == 0);
    CHECK(query.fits("src/main.c"));
    CHECK(!query.fits("src/domain.c"));
}

TEST_CASE("what can't be searched for says why")
{
    for (auto [words, syntax] : {std::pair("", Syntax::words),
                                 {"  ", Syntax::words},
                                 {"(", Syntax::regex},
                                 {"x*", Syntax::regex},
                                 {"a b c d e f g h i j k l m", Syntax::words}}) {
        auto query = Query::parse(words, syntax, Case::ignored);
        REQUIRE(!query);
        CHECK(query.error().kind == ErrorKind::invalid);
    }
}
