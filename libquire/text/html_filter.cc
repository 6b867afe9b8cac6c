#include "text/html_filter.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/strings.h"
#include "text/escape.h"
#include "text/html_tokens.h"
#include "text/prose.h"

namespace quire::text {

constexpr size_t max_depth = 64;

template <size_t N>
static bool contains(const std::array<std::string_view, N>& sorted, std::string_view word)
{
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

static bool is_allowed(std::string_view name)
{
    static constexpr std::array<std::string_view, 50> names = {
        "a",     "abbr",  "b",    "blockquote", "br",   "center", "code",   "dd",  "del",     "details",
        "div",   "dl",    "dt",   "em",         "h1",   "h2",     "h3",     "h4",  "h5",      "h6",
        "hr",    "i",     "img",  "input",      "ins",  "kbd",    "li",     "ol",  "p",       "pre",
        "q",     "s",     "samp", "small",      "span", "strike", "strong", "sub", "summary", "sup",
        "table", "tbody", "td",   "tfoot",      "th",   "thead",  "tr",     "tt",  "u",       "ul"};
    static_assert(std::is_sorted(names.begin(), names.end()));
    return contains(names, name);
}

static bool is_heading(std::string_view name)
{
    return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
}

static bool is_void(std::string_view name) { return name == "br" || name == "hr" || name == "img" || name == "input"; }

/// Whether the element is dropped with everything in it.
static bool is_opaque(std::string_view name)
{
    static constexpr std::array<std::string_view, 16> names = {
        "applet", "embed",     "frameset", "iframe", "math",  "noembed", "noframes", "noscript",
        "object", "plaintext", "script",   "select", "style", "svg",     "template", "textarea"};
    static_assert(std::is_sorted(names.begin(), names.end()));
    return contains(names, name) || name == "title" || name == "xmp";
}

/// Whether an attribute that holds no address may stay.
static bool is_harmless(std::string_view element, const HtmlAttribute& attribute)
{
    std::string_view name = attribute.name, value = attribute.value;
    bool is_number =
        !value.empty() && value.size() < 6 && value.find_first_not_of("0123456789%") == std::string_view::npos;
    if (name == "align")
        return element != "code" && (value == "left" || value == "right" || value == "center");
    if (name == "width" || name == "height")
        return element == "img" && is_number;
    if (name == "colspan" || name == "rowspan" || name == "start")
        return is_number;
    if (name == "class")
        return (element == "code" && value.starts_with("language-")) || (element == "li" && value == "task-list-item");
    if (name == "open")
        return element == "details";
    return name == "alt" || name == "title";
}

namespace {

class Filter {
public:
    explicit Filter(const LinkMapper& map_link) : m_map_link(map_link) {}

    std::string run(std::string_view html)
    {
        HtmlTokenizer tokenizer(html);
        HtmlToken token;
        while (tokenizer.next(token)) {
            if (token.kind == HtmlToken::Kind::text)
                add_text(token.text);
            else if (token.kind == HtmlToken::Kind::end_tag)
                close(token.name);
            else if (is_opaque(token.name))
                tokenizer.skip_to_end_of(token.name);
            else if (is_allowed(token.name))
                open(token);
        }
        while (!m_open.empty())
            pop();
        return std::move(m_out);
    }

private:
    struct Element {
        std::string name;
        size_t begin; ///< position in m_out
        size_t shown; ///< m_shown when the element began
    };

    void add_text(std::string_view text)
    {
        m_out += text; // the tokenizer's text has no "<"
        if (!trim(text).empty())
            m_shown += 1;
    }

    void open(const HtmlToken& token)
    {
        bool is_checkbox = false;
        for (const HtmlAttribute& attribute : token.attributes)
            is_checkbox = is_checkbox || (attribute.name == "type" && attribute.value == "checkbox");
        if (token.name == "input") {
            if (is_checkbox)
                add_checkbox(token);
            return;
        }
        if (!is_void(token.name) && m_open.size() >= max_depth)
            return;
        if (token.name == "img" && add_as_link(token))
            return;
        // A wide table scrolls, and what scrolls must be reachable with a keyboard.
        if (token.name == "table")
            m_out += "<div class=\"scroll\" tabindex=\"0\">";
        if (!is_void(token.name))
            m_open.push_back({token.name, m_out.size(), m_shown});
        m_out += '<';
        m_out += token.name;
        if (token.name == "th")
            add_scope(token);
        m_has_id = false;
        for (const HtmlAttribute& attribute : token.attributes)
            add_attribute(token.name, attribute);
        if (token.name == "pre")
            m_out += " tabindex=\"0\"";
        if (token.name == "img")
            add_image_rest(token);
        m_out += '>';
    }

    /// Written first, because a cell that turns out to be blank must lose it.
    void add_scope(const HtmlToken& token)
    {
        std::string_view scope;
        for (const Element& element : m_open)
            if (element.name == "thead")
                scope = "col";
        for (const HtmlAttribute& attribute : token.attributes)
            if (attribute.name == "scope" && (attribute.value == "col" || attribute.value == "row"))
                scope = attribute.value;
        if (!scope.empty())
            m_out += fmt::format(" scope=\"{}\"", scope);
    }

    /// An image without a description counts as decoration.
    void add_image_rest(const HtmlToken& token)
    {
        bool is_described = std::any_of(token.attributes.begin(), token.attributes.end(),
                                        [](const HtmlAttribute& attribute) { return attribute.name == "alt"; });
        m_out += is_described ? " loading=\"lazy\"" : " alt=\"\" loading=\"lazy\"";
        m_shown += 1;
    }

    static const std::string* attribute_of(const HtmlToken& token, std::string_view name)
    {
        for (const HtmlAttribute& attribute : token.attributes)
            if (attribute.name == name)
                return &attribute.value;
        return nullptr;
    }

    bool is_in(std::string_view name) const
    {
        return std::any_of(m_open.begin(), m_open.end(), [&](const Element& element) { return element.name == name; });
    }

    /// An image that may not be shown here is a link with its text: true if it was.
    bool add_as_link(const HtmlToken& token)
    {
        const std::string *source = attribute_of(token, "src"), *alt = attribute_of(token, "alt");
        if (!source || m_map_link(LinkKind::image, *source))
            return false;
        std::string_view text = alt ? trim(*alt) : std::string_view();
        bool is_in_link = is_in("a");
        std::string name;
        if (text.empty() && (!alt || is_in_link)) {
            text = std::string_view(*source).substr(0, source->find_first_of("?#"));
            text = text.substr(text.rfind('/') + 1);
            // "-Nightly%20Builds-orange" has words; what is not plain ASCII stays encoded.
            name = percent_decode(text).value_or("");
            if (!name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; }))
                text = name;
        }
        if (text.empty())
            return true; // an ornament
        auto address = is_in_link ? std::nullopt : m_map_link(LinkKind::link, *source);
        if (address)
            m_out += "<a href=\"" + escape_html(*address) + "\">" + escape_html(text) + "</a>";
        else
            m_out += escape_html(text);
        m_shown += 1;
        return true;
    }

    /// A name that a link may lead to; none that our page has, and each once.
    bool add_id(std::string_view element, std::string_view value)
    {
        bool may = element == "a" || element == "div" || element == "span" || element == "li" || is_heading(element);
        bool is_plain = !value.empty() && value.size() <= 100 && value[0] > ' ' &&
                        value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-") ==
                            std::string_view::npos;
        if (!may || !is_plain || is_id_of_page(value) || !m_ids.insert(std::string(value)).second)
            return false;
        m_out += fmt::format(" id=\"{}\"", value);
        return true;
    }

    void add_checkbox(const HtmlToken& token)
    {
        bool checked = std::any_of(token.attributes.begin(), token.attributes.end(),
                                   [](const HtmlAttribute& attribute) { return attribute.name == "checked"; });
        m_out += checked ? "<input type=\"checkbox\" aria-label=\"done\" disabled checked>"
                         : "<input type=\"checkbox\" aria-label=\"to do\" disabled>";
        m_shown += 1;
    }

    void add_attribute(std::string_view element, const HtmlAttribute& attribute)
    {
        std::string value = attribute.value;
        if (attribute.name == "id" || (attribute.name == "name" && element == "a")) {
            m_has_id = m_has_id || add_id(element, value);
            return;
        }
        if (attribute.name == "href" && element == "a") {
            auto mapped = m_map_link(LinkKind::link, value);
            if (!mapped)
                return;
            value = std::move(*mapped);
        } else if (attribute.name == "src" && element == "img") {
            auto mapped = m_map_link(LinkKind::image, value);
            if (!mapped)
                return;
            value = std::move(*mapped);
        } else if (!is_harmless(element, attribute)) {
            return;
        }
        // HTML no longer has align, and style is not allowed, so the style sheet has three classes for it.
        m_out += attribute.name == "align" ? " class=\"align-" : " " + attribute.name + "=\"";
        m_out += escape_html(value);
        m_out += '"';
    }

    void close(std::string_view name)
    {
        auto found =
            std::find_if(m_open.rbegin(), m_open.rend(), [&](const Element& element) { return element.name == name; });
        if (found == m_open.rend())
            return;
        size_t keep = static_cast<size_t>(m_open.rend() - found) - 1;
        while (m_open.size() > keep)
            pop();
    }

    void pop()
    {
        Element element = std::move(m_open.back());
        m_open.pop_back();
        bool is_blank = element.shown == m_shown;
        // A screen reader would announce a blank heading, so it is removed. A blank column header becomes an ordinary
        // cell.
        if (is_blank && is_heading(element.name)) {
            m_out.resize(element.begin);
            return;
        }
        if (is_blank && element.name == "th") {
            element.name = "td";
            bool has_scope = std::string_view(m_out).substr(element.begin).starts_with("<th scope=");
            m_out.replace(element.begin, has_scope ? std::string_view("<th scope=\"col\"").size() : 3, "<td");
        }
        m_out += "</" + element.name + ">";
        if (element.name == "table")
            m_out += "</div>";
    }

    const LinkMapper& m_map_link;
    std::string m_out;
    std::vector<Element> m_open;
    std::set<std::string> m_ids;
    bool m_has_id = false; ///< whether the tag being written has one
    size_t m_shown = 0;    ///< how many pieces of text, images and boxes there were so far
};

} // namespace

std::string filter_html(std::string_view html, const LinkMapper& map_link) { return Filter(map_link).run(html); }

} // namespace quire::text
