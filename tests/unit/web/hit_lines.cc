// The lines that a search shows of a file.
#include "web/code/hit_lines.h"

#include <catch2/catch_test_macros.hpp>

#include "search/query.h"

using namespace quire;

static std::vector<web::ShownLine> found(std::string_view path, std::string_view text, std::string_view words,
                                         web::Around around = {})
{
    auto query = search::Query::parse(words, search::Syntax::words, search::Case::ignored);
    REQUIRE(query);
    auto hits = search::Matcher(*query).scan(text, 5, 100, Patience());
    return web::shown_lines(path, text, hits.lines, around);
}

/// "1 2* 3": by number, a star at those that match.
static std::string numbers(const std::vector<web::ShownLine>& lines)
{
    std::string all;
    for (const web::ShownLine& line : lines)
        all += (all.empty() ? "" : " ") + std::to_string(line.number) + (line.is_context ? "" : "*");
    return all;
}

TEST_CASE("lines around a match are shown once, and empty ones only between others")
{
    CHECK(numbers(found("a.txt", "a\nx\nb\nc\nx\nx\nd", "x")) == "1 2* 3 4 5* 6* 7");
    CHECK(numbers(found("a.txt", "\nx\n\n\nx\n", "x")) == "2* 3 4 5*");
    CHECK(numbers(found("a.txt", "x\n\nx\n", "x")) == "1* 2 3*");
    CHECK(numbers(found("a.txt", "a\nb\nx\nc\nd\n", "x", {.before = 0, .after = 2})) == "3* 4 5");
    CHECK(numbers(found("a.txt", "x", "x")) == "1*");
}

TEST_CASE("lines have the colours of the file, and marks stand across them")
{
    auto lines = found("a.c", "/* one\n * return needle\n */\n\nint needle(void)\n{\n\treturn 0;\n}\n", "needle");
    REQUIRE(numbers(lines) == "1 2* 3 4 5* 6");
    CHECK(web::markup_of(lines[1], 0).str() ==
          "<span class=\"c\"> * return </span><mark><span class=\"c\">needle</span></mark>");
    CHECK(web::markup_of(lines[4], 0).str() ==
          "<span class=\"ty\">int</span> <mark><span class=\"fn\">needle</span></mark>(<span "
          "class=\"ty\">void</span>)");
}

TEST_CASE("of a long line the part with the match is shown, and others are cut")
{
    std::string text = "/*" + std::string(900, 'a') + "*/ needle\n" + std::string(5000, 'b') + "\n";
    auto lines = found("a.c", text, "needle");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].text.starts_with("…"));
    REQUIRE(lines[0].marks.size() == 1);
    CHECK(lines[0].text.substr(lines[0].marks[0].first, 6) == "needle");
    CHECK(lines[1].text.size() == 400);
}

TEST_CASE("what lines that follow each other are indented by is a part by itself")
{
    auto lines = found("a.txt", "\t\ta\n\t\t\tx\n\n\t\tx\n\ny\n\n    x\n  x\n", "x");
    REQUIRE(numbers(lines) == "1 2* 3 4* 8* 9*");
    CHECK(web::common_indents(lines) == std::vector<size_t>{2, 2, 0, 2, 2, 2});
    CHECK(web::markup_of(lines[1], 2).str() == "<span class=\"in\">\t\t</span>\t<mark>x</mark>");
    CHECK(web::markup_of(lines[1], 0).str() == "\t\t\t<mark>x</mark>");
    // Blanks of two kinds are alike as far as they are the same; blanks that were looked for stay.
    lines = found("a.txt", "\t  x\n\t\tx\n", "x");
    CHECK(web::common_indents(lines) == std::vector<size_t>{1, 1});
    lines[0].marks = {{0, 4}};
    CHECK(web::common_indents(lines) == std::vector<size_t>{0, 0});
    CHECK(web::common_indents({}).empty());
}
