#include "web/html/html.h"

#include <catch2/catch_test_macros.hpp>

#include "web/code/media.h"

using namespace quire;
using namespace quire::web;

TEST_CASE("text is escaped wherever a template takes it")
{
    Html html;
    html.add("<a href=\"{}\" title=\"{}\">{}</a>", Url::local("/a&b"), "\"><script>", "<b> & 'q' \"");
    CHECK(html.str() ==
          "<a href=\"/a&amp;b\" title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;q&#39; &quot;</a>");
}

TEST_CASE("Html goes into Html as it is, numbers as digits")
{
    Html inner;
    inner.add("<b>{}</b>", 42);
    Html outer;
    outer.add("<p>{}</p>", inner);
    CHECK(outer.str() == "<p><b>42</b></p>");
}

TEST_CASE("NUL can't be said in HTML")
{
    CHECK(Html().text(std::string_view("a\0b", 3)).str() == "a\xef\xbf\xbd"
                                                            "b");
}

TEST_CASE("an address from outside keeps only harmless schemes")
{
    for (const char* good : {"https://example.org/", "http://a", "mailto:a@b", "docs/a.md", "/x", "#top", "?q=1"})
        CHECK(Url::outside(good).str() == good);
    for (const char* bad :
         {"javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:x", " javascript:x", "data:text/html,x",
          "vbscript:x", "file:///etc/passwd", "//evil.example", "\\\\evil", ":x", "blob:x"})
        CHECK(Url::outside(bad).str() == "#");
}

TEST_CASE("addresses of a repository escape what they are given")
{
    auto name = *store::RepoName::parse("work/bar");
    CHECK(Url::view(name, "file", "feature/x", "a b/\"<c>?#%").str() ==
          "/work/bar/-/file/feature/x/a%20b/%22%3Cc%3E%3F%23%25");
    CHECK(Url::run(name, 42).str() == "/work/bar/runs/42");
    CHECK(Url::runs(name).with("q", "a&b").str() == "/work/bar/runs?q=a%26b");
}

TEST_CASE("bytes are typed so that nothing in them runs")
{
    CHECK(raw_type("a.html", "<script>") == "text/plain; charset=utf-8");
    CHECK(raw_type("a.js", "x") == "text/plain; charset=utf-8");
    CHECK(raw_type("a.PNG", "x") == "image/png");
    CHECK(raw_type("a", std::string_view("a\0b", 3)) == "application/octet-stream");
}
