#include "text/html_tokens.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::text {

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// The length of the character reference at the front, with its character in `decoded`; 0 if it is not a known one.
static size_t read_reference(std::string_view text, std::string& decoded)
{
    constexpr size_t longest = 12;
    size_t end = text.substr(0, longest).find(';');
    if (end == std::string_view::npos)
        return 0;
    std::string_view name = text.substr(1, end - 1);
    constexpr std::pair<std::string_view, std::string_view> known[] = {{"amp", "&"},   {"lt", "<"},      {"gt", ">"},
                                                                       {"quot", "\""}, {"apos", "'"},    {"colon", ":"},
                                                                       {"Tab", "\t"},  {"NewLine", "\n"}};
    for (const auto& [word, character] : known)
        if (name == word) {
            decoded = character;
            return end + 1;
        }
    if (!strip_prefix(name, "#") || name.empty())
        return 0;
    bool is_hex = strip_prefix(name, "x") || strip_prefix(name, "X");
    char32_t value = 0;
    for (char c : name) {
        size_t digit = std::string_view("0123456789abcdef").find(to_lower(std::string_view(&c, 1)));
        if (digit == std::string_view::npos || (!is_hex && digit > 9))
            return 0;
        value = std::min<char32_t>(value * (is_hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
    }
    decoded = value == 0 ? "\xef\xbf\xbd" : encode_utf8(value);
    return name.empty() ? 0 : end + 1;
}

std::string decode_references(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        std::string decoded;
        size_t length = text[i] == '&' ? read_reference(text.substr(i), decoded) : 0;
        if (length == 0) {
            out += text[i++];
            continue;
        }
        out += decoded;
        i += length;
    }
    return out;
}

bool HtmlTokenizer::next(HtmlToken& token)
{
    token = HtmlToken();
    while (m_at < m_html.size()) {
        if (m_html[m_at] != '<') {
            size_t end = std::min(m_html.find('<', m_at), m_html.size());
            token.text = m_html.substr(m_at, end - m_at);
            std::replace(token.text.begin(), token.text.end(), '\0', ' ');
            m_at = end;
            return true;
        }
        if (skip_declaration())
            continue;
        size_t begin = m_at;
        if (read_tag(token))
            return true;
        token = HtmlToken();
        token.text = "&lt;";
        m_at = begin + 1;
        return true;
    }
    return false;
}

/// Skips "<!-- … -->", "<!DOCTYPE …>" or "<? … >".
bool HtmlTokenizer::skip_declaration()
{
    std::string_view rest = m_html.substr(m_at);
    bool is_comment = rest.starts_with("<!--");
    if (!is_comment && !rest.starts_with("<!") && !rest.starts_with("<?"))
        return false;
    std::string_view close = is_comment ? "-->" : ">";
    size_t end = m_html.find(close, m_at + (is_comment ? 4 : 2));
    m_at = end == std::string_view::npos ? m_html.size() : end + close.size();
    return true;
}

bool HtmlTokenizer::read_tag(HtmlToken& token)
{
    size_t at = m_at + 1;
    bool is_end = at < m_html.size() && m_html[at] == '/';
    at += is_end ? 1 : 0;
    if (!m_has_end || at >= m_html.size() || !is_letter(m_html[at]))
        return false;
    size_t begin = at;
    while (at < m_html.size() && !is_blank(m_html[at]) && m_html[at] != '>' && m_html[at] != '/')
        ++at;
    token.kind = is_end ? HtmlToken::Kind::end_tag : HtmlToken::Kind::start_tag;
    token.name = to_lower(m_html.substr(begin, at - begin));
    m_at = at;
    // If one tag does not end before the end of the text, no later one does.
    return m_has_end = read_attributes(token);
}

bool HtmlTokenizer::read_attributes(HtmlToken& token)
{
    for (;;) {
        while (m_at < m_html.size() && (is_blank(m_html[m_at]) || m_html[m_at] == '/'))
            ++m_at;
        if (m_at >= m_html.size())
            return false;
        if (m_html[m_at] == '>') {
            ++m_at;
            return true;
        }
        size_t begin = m_at++;
        while (m_at < m_html.size() && !is_blank(m_html[m_at]) && m_html[m_at] != '=' && m_html[m_at] != '>' &&
               m_html[m_at] != '/')
            ++m_at;
        HtmlAttribute attribute{to_lower(m_html.substr(begin, m_at - begin)), read_value()};
        constexpr size_t max_attributes = 32;
        bool known = std::any_of(token.attributes.begin(), token.attributes.end(),
                                 [&](const HtmlAttribute& other) { return other.name == attribute.name; });
        if (!known && token.attributes.size() < max_attributes)
            token.attributes.push_back(std::move(attribute));
    }
}

/// The value after an attribute's name; "" if there is no "=".
std::string HtmlTokenizer::read_value()
{
    size_t at = m_at;
    while (at < m_html.size() && is_blank(m_html[at]))
        ++at;
    if (at >= m_html.size() || m_html[at] != '=')
        return {};
    ++at;
    while (at < m_html.size() && is_blank(m_html[at]))
        ++at;
    size_t begin = at, end = at;
    if (at < m_html.size() && (m_html[at] == '"' || m_html[at] == '\'')) {
        begin = at + 1;
        end = std::min(m_html.find(m_html[at], begin), m_html.size());
        m_at = std::min(end + 1, m_html.size());
    } else {
        while (end < m_html.size() && !is_blank(m_html[end]) && m_html[end] != '>')
            ++end;
        m_at = end;
    }
    return decode_references(m_html.substr(begin, end - begin));
}

void HtmlTokenizer::skip_to_end_of(std::string_view name)
{
    for (; m_at < m_html.size(); ++m_at) {
        m_at = std::min(m_html.find('<', m_at), m_html.size());
        std::string_view rest = m_html.substr(m_at);
        if (rest.starts_with("</") && equal_ignoring_case(rest.substr(2, name.size()), name)) {
            m_at = std::min(m_html.find('>', m_at), m_html.size());
            m_at = std::min(m_at + 1, m_html.size());
            return;
        }
    }
}

} // namespace quire::text
