// HTML from a stranger: whatever goes in, only known elements come out, with known attributes, balanced.
#include "text/html_filter.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "fuzz/fuzz.h"

using namespace quire;
using quire::fuzz::require;

FUZZ_SEEDS("<>/=\"'&;!-? \n\tabcdefhijlmnoprstuvxyz#0123456789\x01\xc3\xa9",
           "<p align=\"center\">a <b>b</b> &amp; c</p><td align=right class=x>1</td>",
           "<a href='https://x/?a=1&amp;b=2' onclick=\"x()\">x</a><img src=x onerror=alert(1) alt=y>",
           "<script>alert(1)</script><style>p{}</style><svg><a href=https://x>y</a></svg>",
           "<!-- <b> --><!DOCTYPE x><?php x ?><![CDATA[<b>]]>a", "<a href=\"java&#115;cript&colon;x\">a</a>",
           "<table><tr><td><ul><li>a<li>b</table></ul><details open><summary>s</summary>t</details>",
           "<input type=checkbox checked><br/><hr><pre><code class=language-c>int a;</code></pre>",
           "<h1></h1><iframe srcdoc=\"<script>\"></iframe><form action=x><button>b</button></form><p style=\"x\">")

namespace {

/// Reads what came out, which is written in one way only.
class Reader {
public:
    explicit Reader(std::string_view html) : m_rest(html) {}

    void read()
    {
        while (!m_rest.empty()) {
            bool is_tag = m_rest[0] == '<';
            m_rest.remove_prefix(1);
            if (is_tag)
                tag();
        }
        require(m_open.empty(), "every element is closed");
    }

private:
    std::string_view word(std::string_view letters)
    {
        size_t size = std::min(m_rest.find_first_not_of(letters), m_rest.size());
        std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    void attribute()
    {
        constexpr std::array known = {"href",       "src",      "alt",     "title",    "class",    "loading", "type",
                                      "aria-label", "disabled", "checked", "tabindex", "role",     "open",    "start",
                                      "colspan",    "rowspan",  "width",   "height",   "id",       "align",   "rel",
                                      "lang",       "dir",      "value",   "cite",     "datetime", "name"};
        std::string_view name = word("abcdefghijklmnopqrstuvwxyz-");
        require(std::find(known.begin(), known.end(), name) != known.end(), "an attribute is a known one");
        if (!strip_prefix(m_rest, "="))
            return;
        require(strip_prefix(m_rest, "\""), "a value is quoted");
        size_t end = m_rest.find('"');
        require(end != std::string_view::npos, "a value ends");
        std::string_view value = m_rest.substr(0, end);
        require(value.find('<') == std::string_view::npos, "a value opens nothing");
        if (name == "href" || name == "src")
            require(value.starts_with("https:") || value.starts_with("#"), "an address is one that was mapped");
        m_rest.remove_prefix(end + 1);
    }

    void tag()
    {
        constexpr std::array forbidden = {"script", "style",    "iframe", "object", "embed", "form",
                                          "svg",    "math",     "link",   "meta",   "base",  "template",
                                          "button", "textarea", "select", "title"};
        constexpr std::array empty = {"br", "hr", "img", "input", "wbr"};
        bool closes = strip_prefix(m_rest, "/");
        std::string_view name = word("abcdefghijklmnopqrstuvwxyz0123456789");
        require(!name.empty(), "a tag has a name");
        require(std::find(forbidden.begin(), forbidden.end(), name) == forbidden.end(), "no element that acts");
        while (!closes && strip_prefix(m_rest, " "))
            attribute();
        require(strip_prefix(m_rest, ">"), "a tag ends");
        if (closes) {
            require(!m_open.empty() && m_open.back() == name, "what closes was open");
            m_open.pop_back();
        } else if (std::find(empty.begin(), empty.end(), name) == empty.end()) {
            m_open.push_back(name);
        }
    }

    std::string_view m_rest;
    std::vector<std::string_view> m_open;
};

} // namespace

FUZZ_TARGET(input)
{
    std::string html =
        text::filter_html(input, [](text::LinkKind, std::string_view address) -> std::optional<std::string> {
            if (address.starts_with("https:") || address.starts_with("#"))
                return std::string(address);
            return std::nullopt;
        });
    Reader(html).read();
    require(html.size() <= 400 + input.size() * 40, "it does not grow without bounds");
}
