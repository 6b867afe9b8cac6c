#include "text/xml_pull.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::text {

constexpr size_t max_depth = 100;
constexpr size_t max_attributes = 100;
constexpr std::string_view blanks = " \t\r\n";

Unexpected XmlPull::wrong(std::string_view what) const
{
    return fail(ErrorKind::invalid, "byte {}: {}", m_at + 1, what);
}

void XmlPull::skip_blanks() { m_at = std::min(m_source.find_first_not_of(blanks, m_at), m_source.size()); }

Result<bool> XmlPull::skip_past(std::string_view end)
{
    size_t found = m_source.find(end, m_at);
    if (found == std::string_view::npos)
        return wrong(fmt::format("no {} follows", end));
    m_at = found + end.size();
    return true;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
           c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

std::string_view XmlPull::take_name()
{
    size_t begin = m_at;
    while (m_at < m_source.size() && is_name_byte(m_source[m_at]))
        ++m_at;
    std::string_view name = m_source.substr(begin, m_at - begin);
    return !name.empty() && (name[0] == '-' || name[0] == '.' || (name[0] >= '0' && name[0] <= '9'))
               ? std::string_view()
               : name;
}

std::string_view XmlPull::attribute(std::string_view name) const
{
    for (const auto& [key, value] : m_attributes)
        if (key == name)
            return value;
    return {};
}

static std::string decode_reference(std::string_view name)
{
    constexpr std::pair<std::string_view, const char*> known[] = {
        {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
    for (const auto& [entity, text] : known)
        if (name == entity)
            return text;
    if (!strip_prefix(name, "#"))
        return {};
    bool is_hex = strip_prefix(name, "x");
    uint32_t value = 0;
    if (name.empty() || name.size() > 8)
        return {};
    for (char c : name) {
        uint32_t digit = c >= '0' && c <= '9'   ? static_cast<uint32_t>(c - '0')
                         : c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? static_cast<uint32_t>(c - 'A' + 10)
                                                : 99;
        if (digit >= (is_hex ? 16u : 10u))
            return {};
        value = value * (is_hex ? 16 : 10) + digit;
        if (value > 0x10ffff)
            return {};
    }
    return value == 0 ? std::string() : encode_utf8(value);
}

Result<std::string> XmlPull::decode(std::string_view raw) const
{
    std::string out;
    out.reserve(raw.size());
    while (!raw.empty()) {
        size_t mark = raw.find('&');
        out += raw.substr(0, mark);
        if (mark == std::string_view::npos)
            break;
        raw.remove_prefix(mark + 1);
        size_t end = raw.substr(0, 12).find(';');
        std::string character = end == std::string_view::npos ? std::string() : decode_reference(raw.substr(0, end));
        if (character.empty())
            return wrong("an & that begins none of the known references");
        out += character;
        raw.remove_prefix(end + 1);
    }
    return out;
}

Result<void> XmlPull::read_attributes()
{
    m_attributes.clear();
    for (;;) {
        size_t before = m_at;
        skip_blanks();
        if (m_at >= m_source.size())
            return wrong("a tag that does not end");
        if (m_source[m_at] == '>' || m_source[m_at] == '/')
            return {};
        if (m_at == before)
            return wrong("a blank belongs before an attribute");
        std::string_view name = take_name();
        if (name.empty() || m_attributes.size() == max_attributes)
            return wrong(name.empty() ? "this is no attribute" : "too many attributes");
        skip_blanks();
        if (m_at >= m_source.size() || m_source[m_at] != '=')
            return wrong("an attribute without a value");
        ++m_at;
        skip_blanks();
        char quote = m_at < m_source.size() ? m_source[m_at] : '\0';
        size_t end = quote == '"' || quote == '\'' ? m_source.find(quote, m_at + 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            return wrong("a value without its quotes");
        std::string_view raw = m_source.substr(m_at + 1, end - m_at - 1);
        if (raw.find('<') != std::string_view::npos)
            return wrong("a < in a value");
        for (const auto& [key, value] : m_attributes)
            if (key == name)
                return wrong("an attribute that stands twice");
        m_attributes.emplace_back(name, TRY(decode(raw)));
        m_at = end + 1;
    }
}

Result<bool> XmlPull::read_tag()
{
    ++m_at; // <
    bool closes = m_at < m_source.size() && m_source[m_at] == '/';
    m_at += closes ? 1 : 0;
    m_name = take_name();
    if (m_name.empty())
        return wrong("a < that begins nothing");
    if (closes) {
        skip_blanks();
        if (m_at >= m_source.size() || m_source[m_at] != '>' || m_open.empty() || m_open.back() != m_name)
            return wrong("an end tag that closes nothing");
        ++m_at;
        m_open.pop_back();
        m_kind = Kind::close;
        return true;
    }
    if (m_open.empty() && std::exchange(m_had_root, true))
        return wrong("a second root");
    if (m_open.size() == max_depth)
        return wrong("elements too deep in each other");
    TRY(read_attributes());
    m_closes_itself = m_source[m_at] == '/';
    m_at += m_closes_itself ? 1 : 0;
    if (m_at >= m_source.size() || m_source[m_at] != '>')
        return wrong("a tag that does not end");
    ++m_at;
    m_open.push_back(m_name);
    m_kind = Kind::open;
    return true;
}

Result<bool> XmlPull::read_text()
{
    size_t end = std::min(m_source.find('<', m_at), m_source.size());
    m_text = TRY(decode(m_source.substr(m_at, end - m_at)));
    m_at = end;
    m_kind = Kind::text;
    return true;
}

Result<bool> XmlPull::next()
{
    if (!std::exchange(m_checked, true)) {
        if (!is_valid_utf8(m_source) || m_source.find('\0') != std::string_view::npos)
            return wrong("not UTF-8 text");
        if (m_source.starts_with("\xef\xbb\xbf"))
            m_at = 3;
    }
    if (std::exchange(m_closes_itself, false)) {
        m_open.pop_back();
        m_kind = Kind::close;
        return true;
    }
    for (;;) {
        if (m_open.empty())
            skip_blanks();
        if (m_at >= m_source.size()) {
            if (!m_open.empty() || !m_had_root)
                return wrong("the document ends too early");
            return false;
        }
        std::string_view rest = m_source.substr(m_at);
        if (rest.starts_with("<!--"))
            TRY(skip_past("-->"));
        else if (rest.starts_with("<?"))
            TRY(skip_past("?>"));
        else if (rest.starts_with("<![CDATA[") && !m_open.empty()) {
            size_t begin = m_at + 9;
            TRY(skip_past("]]>"));
            m_text = m_source.substr(begin, m_at - begin - 3);
            m_kind = Kind::text;
            return true;
        } else if (rest.starts_with("<!"))
            return wrong("a document type is not read here");
        else if (rest[0] == '<')
            return read_tag();
        else if (m_open.empty())
            return wrong("text outside the root");
        else
            return read_text();
    }
}

} // namespace quire::text
