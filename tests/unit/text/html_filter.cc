#include "text/html_filter.h"

#include <algorithm>
#include <ctime>

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

static std::string filter(std::string_view html)
{
    return filter_html(html, [](LinkKind, std::string_view address) -> std::optional<std::string> {
        if (address.starts_with("https:") || address.starts_with("#"))
            return std::string(address);
        return std::nullopt;
    });
}

TEST_CASE("harmless markup stays")
{
    CHECK(filter("<p align=\"center\">a <b>b</b> &amp; c</p>") == "<p class=\"align-center\">a <b>b</b> &amp; c</p>");
    CHECK(filter("<td align=right class=x>1</td><p align=\"x y\">a</p>") == "<td class=\"align-right\">1</td><p>a</p>");
    CHECK(filter("<code align=left class=language-c>a</code>") == "<code class=\"language-c\">a</code>");
    CHECK(filter("<a href='https://x/?a=1&amp;b=2'>x</a>") == "<a href=\"https://x/?a=1&amp;b=2\">x</a>");
    CHECK(filter("<IMG SRC=https://x/y ALT=z>") == "<img src=\"https://x/y\" alt=\"z\" loading=\"lazy\">");
    CHECK(filter("<input type=checkbox checked>") == "<input type=\"checkbox\" aria-label=\"done\" disabled checked>");
}

TEST_CASE("what could run or reach out is gone")
{
    CHECK(filter("<script>alert(1)</script>x") == "x");
    CHECK(filter("<SCRIPT >alert(1)</ScRiPt>x") == "x");
    CHECK(filter("<script>never closed <b>x</b>") == "");
    CHECK(filter("<style>p{}</style>x") == "x");
    CHECK(filter("<svg><a href=https://x>y</a></svg>x") == "x");
    CHECK(filter("<p onclick=\"x\" style=\"y\" id=\"z\" class=\"w\">a</p>") == "<p>a</p>");
    CHECK(filter("<a href=\"javascript:x\">a</a>") == "<a>a</a>");
    CHECK(filter("<a href=\"java&#115;cript&colon;x\">a</a>") == "<a>a</a>");
    CHECK(filter("<img src=x onerror=alert(1)>") == "x");
    CHECK(filter("<img src=\"badge/a%20%3Cb%3E\">") == "a &lt;b&gt;");
    CHECK(filter("<img src=\"badge/%E2%80%AEa%00\">") == "%E2%80%AEa%00");
    CHECK(filter("<form action=https://x><button>b</button><input type=text></form>") == "b");
    CHECK(filter("<!-- <b> --><!DOCTYPE x><?php x ?>a") == "a");
    CHECK(filter("<iframe src=https://x>y</iframe>") == "");
    CHECK(filter("<base href=https://x><meta http-equiv=refresh><link rel=stylesheet>a") == "a");
}

TEST_CASE("a tag can't be smuggled past the tokenizer")
{
    CHECK(filter("<<script>alert(1)</script>") == "&lt;");
    // "scr<script" is one (unknown) name, as for a browser.
    CHECK(filter("<scr<script>ipt>alert(1)") == "ipt>alert(1)");
    CHECK(filter("<p title=\"a>b\">c</p>") == "<p title=\"a&gt;b\">c</p>");
    CHECK(filter("<p title='\"onload=x'>c</p>") == "<p title=\"&quot;onload=x\">c</p>");
    CHECK(filter("a < b") == "a &lt; b");
    CHECK(filter("<b") == "&lt;b");
    CHECK(filter("<a href=\"https://x") == "&lt;a href=\"https://x");
    CHECK(filter("</p></div></main>x") == "x");
}

TEST_CASE("what comes out is balanced")
{
    CHECK(filter("<div><b>a</div>b") == "<div><b>a</b></div>b");
    CHECK(filter("<ul><li>a<li>b") == "<ul><li>a<li>b</li></li></ul>");
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += "<div>";
    std::string out = filter(deep);
    CHECK(out.size() == 64 * (5 + 6));
}

TEST_CASE("what comes out needs neither eyes nor a mouse")
{
    CHECK(filter("<pre>a</pre>") == "<pre tabindex=\"0\">a</pre>");
    CHECK(filter("<pre tabindex=7>a</pre>") == "<pre tabindex=\"0\">a</pre>");
    CHECK(filter("<table><tr><td>1</table>x") ==
          "<div class=\"scroll\" tabindex=\"0\"><table><tr><td>1</td></tr></table></div>x");
    CHECK(filter("<table>") == "<div class=\"scroll\" tabindex=\"0\"><table></table></div>");
    CHECK(filter("<th align=right>\n</th><th><b> </b></th><th>a</th>") ==
          "<td class=\"align-right\">\n</td><td><b> </b></td><th>a</th>");
    CHECK(filter("<th><img alt=x></th>") == "<th><img alt=\"x\" loading=\"lazy\"></th>");
    CHECK(filter("<thead><th align=left>a</th><th align=left></th><th scope=row>b") ==
          "<thead><th scope=\"col\" class=\"align-left\">a</th><td class=\"align-left\"></td><th "
          "scope=\"row\">b</th></thead>");
    CHECK(filter("<th scope=row></th><th scope='x\"y'>b</th>") == "<td></td><th>b</th>");
    CHECK(filter("a<h2> <b></b></h2>b<h3>c</h3>") == "ab<h3>c</h3>");
    CHECK(filter("<h2><th></h2>b") == "b");
    CHECK(filter("<input type=checkbox>") == "<input type=\"checkbox\" aria-label=\"to do\" disabled>");
}

/// Processor time: how busy the machine is does not count.
static double seconds_of_filtering(const std::string& unit, size_t size)
{
    std::string html;
    while (html.size() < size)
        html += unit;
    std::clock_t begin = std::clock();
    filter(html);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("hostile input costs time in proportion to its size")
{
    for (const char* unit :
         {"<", "<a ", "<a href=\"", "</script", "<!--", "<div>", "</b>", "&#", "<script>", "<b a=b "}) {
        INFO(unit);
        constexpr size_t small = 128u << 10;
        double once = std::max(seconds_of_filtering(unit, small), 0.01);
        CHECK(seconds_of_filtering(unit, 32 * small) < 200 * once); // 1,024 times if it grew with the square
    }
}
