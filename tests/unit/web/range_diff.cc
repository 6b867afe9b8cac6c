// What git range-diff prints, taken apart: pairs, their fates, and diffs that try to look like pairs.
#include "web/code/range_diff.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using web::RangePair;

TEST_CASE("a range-diff is pairs with the diffs of their diffs")
{
    std::string a(40, 'a'), b(40, 'b'), none(40, '-');
    std::string output = " 1:  " + a + " =  1:  " + b + " the same\n" +                  //
                         " 2:  " + a + " !  2:  " + b + " changed: a = b\n" +            //
                         "    @@ file: -\n" +                                            //
                         "    -+old\n" +                                                 //
                         "     1:  " + a + " =  1:  " + b + " made to look like one\n" + //
                         " -:  " + none + " >  3:  " + b + " new\n" +                    //
                         "10:  " + a + " <  -:  " + none + " gone <b>\n" + "what is this\n";
    auto pairs = web::parse_range_diff(output);
    REQUIRE(pairs.size() == 4);
    CHECK(pairs[0].fate == RangePair::Fate::same);
    CHECK(pairs[0].lines.empty());
    CHECK(pairs[1].fate == RangePair::Fate::changed);
    CHECK(pairs[1].subject == "changed: a = b");
    REQUIRE(pairs[1].lines.size() == 3);
    CHECK(pairs[1].lines[1] == "-+old");
    CHECK(pairs[2].fate == RangePair::Fate::added);
    CHECK(pairs[2].old_id.empty());
    CHECK(pairs[2].new_id == b);
    CHECK(pairs[3].fate == RangePair::Fate::dropped);
    CHECK(pairs[3].new_id.empty());
    std::string html = web::render_range_diff(store::RepoName::parse("foo").value(), pairs).str();
    CHECK(html.find("gone &lt;b&gt;") != std::string::npos);
    CHECK(html.find("/foo/-/commit/" + a) != std::string::npos);
    CHECK(html.find("class=\"del\"") != std::string::npos);
}

TEST_CASE("bytes that are no range-diff are no pairs")
{
    std::string id(40, 'a');
    for (const std::string& line : {std::string(), std::string("1:"), "1: " + id, "x:  " + id + " = 1:  " + id + " s",
                                    "1:  short = 1:  " + id + " s", "1:  " + id + " ? 1:  " + id + " s",
                                    "1:  " + id + " == 1:  " + id + " s", std::string("    +only a diff")})
        CHECK(web::parse_range_diff(line + "\n").empty());
}
