#include "text/prose.h"

#include <catch2/catch_test_macros.hpp>

#include "text/html_filter.h"

using namespace quire::text;

static std::string written(std::string_view html, const std::vector<Footnote>& footnotes = {})
{
    ProseWriter writer(footnotes, [](std::string_view language, std::string_view code) {
        return "[" + std::string(language) + ":" + std::string(code) + "]";
    });
    return writer.write(html);
}

static std::string anchor(std::string_view id)
{
    return " <a class=\"anchor\" href=\"#" + std::string(id) + "\" aria-label=\"link to this section\">#</a>";
}

TEST_CASE("headings have ids as GitHub makes them")
{
    CHECK(heading_id("What's `new`, here?") == "whats-new-here");
    CHECK(heading_id(" C++ & co_x - 2.0 ") == "c--co_x---20");
    CHECK(heading_id("\xf0\x9f\x9a\x80 Los geht's, Köln") == "-los-gehts-köln");
    CHECK(written("<h2>A &amp; <code>b</code></h2>") ==
          "<h2 id=\"a--b\">A &amp; <code>b</code>" + anchor("a--b") + "</h2>");
    CHECK(written("<h1>A</h1><h2>A</h2>") ==
          "<h1 id=\"a\">A" + anchor("a") + "</h1><h2 id=\"a-1\">A" + anchor("a-1") + "</h2>");
    CHECK(written("<h1>L1</h1>").starts_with("<h1 id=\"l1-1\">"));           // a line's
    CHECK(written("<h1>Content</h1>").starts_with("<h1 id=\"content-1\">")); // the page's
    CHECK(written("<h1 id=\"own\">A</h1>") == "<h1 id=\"own\">A" + anchor("own") + "</h1>");
    CHECK(written("<a id=\"b\"></a><h1>b</h1>").find("<h1 id=\"b-1\">") != std::string::npos);
}

TEST_CASE("code of a language that is named is written anew, as it was before it was escaped")
{
    CHECK(written("<pre tabindex=\"0\"><code class=\"language-c\">a &lt; &amp;lt; :tada:\n</code></pre>:tada:") ==
          "<pre tabindex=\"0\"><code class=\"language-c\">[c:a < &lt; :tada:\n]</code></pre>\xf0\x9f\x8e\x89");
    CHECK(written("<pre><code>a</code></pre>") == "<pre><code>a</code></pre>");
    CHECK(written("<code class=\"language-c\">a</code>") == "<code class=\"language-c\">a</code>");
    CHECK(written("<pre><code class=\"language-c\">a<b>c</b></code></pre>").find("[c:") == std::string::npos);
}

TEST_CASE("alerts, emoji, bars in tables")
{
    CHECK(written("<blockquote>\n<p>[!WARNING]\na</p>\n</blockquote>") ==
          "<blockquote class=\"alert warning\">\n<p class=\"kind\">Warning</p>\n<p>a</p>\n</blockquote>");
    CHECK(written("<blockquote>\n<p>[!NOTE]</p>\n<p>a</p></blockquote>") ==
          "<blockquote class=\"alert note\">\n<p class=\"kind\">Note</p>\n\n<p>a</p></blockquote>");
    CHECK(written("<blockquote>\n<p>[!NOTHING]\na</p></blockquote>").starts_with("<blockquote>\n<p>[!NOTHING]"));
    CHECK(written("12:30:45 :nothing: <code>:tada:</code>") == "12:30:45 :nothing: <code>:tada:</code>");
    CHECK(written("<table><td><code>a\\|b</code></td></table><code>a\\|b</code>") ==
          "<table><td><code>a|b</code></td></table><code>a\\|b</code>");
}

TEST_CASE("footnotes are taken out of the source, and referred to by number")
{
    std::string source = "a[^x] b[^y]\n\n[^y]: why\n\n    more\n\n[^x]: ex\ngoes on\n\n```\n[^z]: code\n```\n";
    auto notes = take_footnotes(source);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].name == "x");
    CHECK(notes[0].source == "ex\ngoes on");
    CHECK(notes[1].source == "why\n\nmore");
    CHECK(source.find("[^y]:") == std::string::npos);
    CHECK(source.find("[^z]: code") != std::string::npos);
    CHECK(written("a[^Y] [^y] [^no] <code>[^y]</code>", notes) ==
          "a<sup><a href=\"#footnote-1\" id=\"footnote-of-1\">1</a></sup> <sup><a href=\"#footnote-1\">1</a></sup> "
          "[^no] <code>[^y]</code>");
}

TEST_CASE("an image from elsewhere is a link with its text")
{
    LinkMapper mapper = [](LinkKind kind, std::string_view address) -> std::optional<std::string> {
        return kind == LinkKind::link ? std::optional(std::string(address)) : std::nullopt;
    };
    auto filter = [&](std::string_view html) { return filter_html(html, mapper); };
    CHECK(filter("<img src=\"https://x/b.svg\" alt=\"a &lt; b\">") == "<a href=\"https://x/b.svg\">a &lt; b</a>");
    CHECK(filter("<img src=\"https://x/b.svg?c\">") == "<a href=\"https://x/b.svg?c\">b.svg</a>");
    CHECK(filter("<a href=\"/y\"><img src=\"https://x/b.svg\" alt=\"\"></a>") == "<a href=\"/y\">b.svg</a>");
    CHECK(filter("<img src=\"https://x/b.svg\" alt=\"\">").empty());
    CHECK(filter("<a name=\"b\"></a><h2 id=\"L5\">c</h2><span id=\"b\">d</span>") ==
          "<a id=\"b\"></a><h2>c</h2><span>d</span>");
}
