#include "text/junit.h"

#include <catch2/catch_test_macros.hpp>

#include "text/xml.h"

using namespace quire;
using namespace quire::text;

namespace {

/// What a handler is told, as text.
struct Seen final : XmlHandler {
    std::string all;
    void open(std::string_view name, const XmlAttributes& attributes) override
    {
        all += fmt::format("<{}", name);
        for (const auto& [key, value] : attributes)
            all += fmt::format(" {}={}", key, value);
        all += '>';
    }
    void close(std::string_view name) override { all += fmt::format("</{}>", name); }
    void text(std::string_view piece) override { all += piece; }
};

} // namespace

TEST_CASE("XML is told in order, decoded, and not beyond what is wrong")
{
    Seen seen;
    REQUIRE(
        read_xml("\xef\xbb\xbf<?xml version='1.0'?><a b='1&amp;2'>x&#x41;<!-- c --><c:d/><![CDATA[<&>]]></a>\n", seen));
    CHECK(seen.all == "<a b=1&2>xA<c:d></c:d><&></a>");
    Seen latin;
    REQUIRE(read_xml("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", latin));
    CHECK(latin.all == "<a>\xc3\xa9</a>");
    Seen broken;
    auto read = read_xml("<a>\n<b></c></a>", broken);
    REQUIRE_FALSE(read);
    CHECK(read.error().message == "line 2: mismatched tag");
    // Neither the document's own entities nor anything behind a document type is looked at.
    Seen bomb;
    read = read_xml("<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z SYSTEM \"file:///etc/passwd\">]><a>&x;&z;</a>", bomb);
    REQUIRE_FALSE(read);
    CHECK(read.error().message == "line 1: a document type is not read here");
    CHECK(bomb.all.empty());
}

TEST_CASE("a report is counted and its failures are kept")
{
    auto report = read_junit(R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<testsuites tests="999" failures="0">
 <testsuite name="outer"><properties><property name="a" value="b"/></properties>
  <testcase name="passes" time="0.25"/>
  <testcase classname="math.Adds" name="one &amp; &#x31;" time="0.5"><failure message="1 &lt; 2" type="x">line 1
line 2</failure><system-out>noise</system-out></testcase>
  <testcase name="breaks"><error><![CDATA[<boom> & bust]]></error></testcase>
  <testcase name="later"><skipped/></testcase>
 </testsuite>
</testsuites>)");
    REQUIRE(report);
    CHECK(report->tests == 4);
    CHECK(report->failed == 1);
    CHECK(report->errors == 1);
    CHECK(report->skipped == 1);
    CHECK(report->seconds == 0.75);
    REQUIRE(report->failures.size() == 2);
    CHECK(report->failures[0].suite == "math.Adds");
    CHECK(report->failures[0].name == "one & 1");
    CHECK(report->failures[0].message == "1 < 2");
    CHECK(report->failures[0].details == "line 1\nline 2");
    CHECK(report->failures[1].suite == "outer");
    CHECK(report->failures[1].message == "<boom> & bust");
    CHECK(report->failures[1].is_error);
}

TEST_CASE("what is not well-formed, or would have to be expanded, is refused")
{
    for (const char* source : {"",
                               "   ",
                               "text",
                               "<a>",
                               "</a>",
                               "<a></b>",
                               "<a/><b/>",
                               "<a><b></a></b>",
                               "<a b/>",
                               "<a b=c/>",
                               "<a b=\"c/>",
                               "<a b=\"<\"/>",
                               "<a b=\"1\" b=\"2\"/>",
                               "<a b=\"1\"c=\"2\"/>",
                               "<a>&nope;</a>",
                               "<a>&</a>",
                               "<a>&#0;</a>",
                               "<a>&#xd800;</a>",
                               "<a>&#x110000;</a>",
                               "<a>&#99999999999;</a>",
                               "<!DOCTYPE a><a/>",
                               "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                               "<a/>text",
                               "<a><![CDATA[</a>",
                               "<a><!-- </a>",
                               "<1/>",
                               "< a/>",
                               "<a>\xff</a>",
                               "<![CDATA[x]]>"}) {
        INFO(source);
        Seen seen;
        CHECK_FALSE(read_xml(source, seen));
    }
    CHECK_FALSE(read_junit("<html><testcase/></html>"));
    std::string deep;
    for (int i = 0; i < 101; ++i)
        deep += "<testsuite>";
    CHECK_FALSE(read_junit(deep));
    std::string many = "<testsuite";
    for (int i = 0; i < 101; ++i)
        many += " a" + std::to_string(i) + "=\"\"";
    CHECK_FALSE(read_junit(many + "/>"));
}

TEST_CASE("what is kept of a large report is bounded")
{
    std::string source = "<testsuite>";
    for (int i = 0; i < 1000; ++i)
        source += "<testcase name=\"" + std::string(1000, 'n') + "\"><failure>" + std::string(10000, 'x') +
                  "</failure></testcase>";
    auto report = read_junit(source + "</testsuite>");
    REQUIRE(report);
    CHECK(report->failed == 1000);
    CHECK(report->failures.size() == JunitReport::most_failures);
    CHECK(report->failures[0].name.size() < 400);
    CHECK(report->failures[0].details.size() < 5000);
}
