// The part of FnlReader that reads "strings" and their escapes.
#include "base/log.h"
#include "base/strings.h"
#include "text/fnl_reader.h"

namespace quire::text {

Result<Data> FnlReader::read_string()
{
    Position opened = position();
    std::string out;
    advance();
    while (!at_end()) {
        char c = m_source[m_offset];
        if (c == '"') {
            advance();
            return Data(std::move(out));
        }
        if (c == '\\' && m_offset + 1 == m_source.size())
            break;
        if (c == '\\') {
            TRY(read_escape(out));
            continue;
        }
        auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f)
            return invalid("a control byte in a string; write it as \\{:03}", byte);
        // Takes all plain bytes up to the next special one at once.
        size_t end = m_offset + 1;
        while (end < m_source.size() && static_cast<unsigned char>(m_source[end]) >= 0x20 && m_source[end] != '"' &&
               m_source[end] != '\\' && m_source[end] != 0x7f)
            ++end;
        out += m_source.substr(m_offset, end - m_offset);
        advance(end - m_offset);
    }
    return fail_at(opened, ErrorKind::invalid, "this string is never closed; add \"");
}

Result<void> FnlReader::read_escape(std::string& into)
{
    constexpr std::string_view letters = "abfnrtv\\\"'\n";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"'\n";
    char c = m_source[m_offset + 1];
    size_t known = letters.find(c);
    if (known != std::string_view::npos) {
        into += meanings[known];
        advance(2);
        return {};
    }
    if (c == 'x' || (c >= '0' && c <= '9'))
        return read_byte_escape(into);
    if (c == 'u')
        return read_unicode_escape(into);
    return invalid("\\{} is no escape; for a backslash write \\\\", visible(std::string_view(&c, 1)));
}

/// \xXX or \d, \dd, \ddd.
Result<void> FnlReader::read_byte_escape(std::string& into)
{
    std::string_view rest = m_source.substr(m_offset + 1);
    if (rest[0] == 'x') {
        std::string_view digits = rest.substr(1, 2);
        std::optional<std::string> byte = digits.size() == 2 ? from_hex(digits) : std::nullopt;
        if (!byte)
            return invalid("\\x wants two hex digits");
        into += *byte;
        advance(4);
        return {};
    }
    unsigned value = 0;
    size_t count = 0;
    for (; count < 3 && count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count)
        value = value * 10 + static_cast<unsigned>(rest[count] - '0');
    if (value > 255)
        return invalid("\\{} is more than a byte holds; the largest is \\255", value);
    into += static_cast<char>(value);
    advance(1 + count);
    return {};
}

/// \u{XXX}: a character by its number, as UTF-8.
Result<void> FnlReader::read_unicode_escape(std::string& into)
{
    std::string_view rest = m_source.substr(m_offset + 2);
    size_t end = rest.find('}');
    if (!rest.starts_with('{') || end == std::string_view::npos || end < 2 || end > 7)
        return invalid("\\u wants one to six hex digits in braces, as in \\u{{2026}}");
    std::string digits(rest.substr(1, end - 1));
    std::optional<std::string> bytes = from_hex(std::string(6 - digits.size(), '0') + digits);
    if (!bytes)
        return invalid("\\u wants one to six hex digits in braces, as in \\u{{2026}}");
    char32_t character = 0;
    for (unsigned char byte : *bytes)
        character = character << 8 | byte;
    std::string encoded = encode_utf8(character);
    if (encoded.empty())
        return invalid("\\u{{{}}} is no character", digits);
    into += encoded;
    advance(3 + end);
    return {};
}

} // namespace quire::text
