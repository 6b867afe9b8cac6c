#include "ci/logs/secret_forms.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/strings.h"

namespace quire::ci {

namespace {

constexpr std::string_view letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr size_t wrapping_length = 56; // base64 breaks lines at 64 or 76, xxd -p at 60

bool contains(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

std::string hex_digits(unsigned value, int digits, bool upper)
{
    return upper ? fmt::format("{:0{}X}", value, digits) : fmt::format("{:0{}x}", value, digits);
}

/// The characters of the base64 text that depend only on the value, if the number of bytes before it is `shift` (0 to
/// 2) modulo three and anything follows it.
std::string base64_core(std::string_view value, size_t shift, std::string_view last_two)
{
    std::string alphabet = std::string(letters_and_digits) + std::string(last_two);
    size_t first = (shift * 8 + 5) / 6;
    size_t end = (shift + value.size()) * 8 / 6;
    std::string result;
    for (size_t i = first; i < end; ++i) {
        unsigned digit = 0;
        for (size_t bit = i * 6; bit < i * 6 + 6; ++bit) {
            size_t byte = bit / 8 - shift;
            digit = digit << 1 | (static_cast<uint8_t>(value[byte]) >> (7 - bit % 8) & 1u);
        }
        result += alphabet[digit];
    }
    return result;
}

enum class Space { percent, plus };

std::string url_encoded(std::string_view value, std::string_view kept, Space space, bool upper)
{
    std::string result;
    for (char c : value) {
        if (contains(letters_and_digits, c) || contains(kept, c))
            result += c;
        else if (c == ' ' && space == Space::plus)
            result += '+';
        else
            result += "%" + hex_digits(static_cast<uint8_t>(c), 2, upper);
    }
    return result;
}

struct JsonStyle {
    bool slash; ///< "/" as "\/"
    bool ascii; ///< non-ASCII characters as \uXXXX
    bool html;  ///< "<", ">", "&" as \uXXXX
    bool upper;
};

std::string unicode_escape(uint32_t unit, bool upper)
{
    if (unit < 0x10000)
        return "\\u" + hex_digits(unit, 4, upper);
    return unicode_escape(0xD800 + ((unit - 0x10000) >> 10), upper) + unicode_escape(0xDC00 + (unit & 0x3FF), upper);
}

/// Decodes the character at `i` in valid UTF-8 and moves `i` past it.
uint32_t decode_point(std::string_view text, size_t& i)
{
    uint8_t lead = static_cast<uint8_t>(text[i++]);
    uint32_t point = lead >= 0xF0 ? lead & 0x07u : lead >= 0xE0 ? lead & 0x0Fu : lead & 0x1Fu;
    while (i < text.size() && (static_cast<uint8_t>(text[i]) & 0xC0u) == 0x80)
        point = point << 6 | (static_cast<uint8_t>(text[i++]) & 0x3Fu);
    return point;
}

std::string json_escaped(std::string_view value, JsonStyle style)
{
    constexpr std::string_view named = "\b\f\n\r\t", names = "bfnrt";
    std::string result;
    for (size_t i = 0; i < value.size();) {
        char c = value[i];
        if (style.ascii && static_cast<uint8_t>(c) >= 0x80) {
            result += unicode_escape(decode_point(value, i), style.upper);
            continue;
        }
        ++i;
        if (c == '"' || c == '\\' || (c == '/' && style.slash))
            (result += '\\') += c;
        else if (contains(named, c))
            (result += '\\') += names[named.find(c)];
        else if (static_cast<uint8_t>(c) < 0x20 || (style.html && contains("<>&", c)))
            result += unicode_escape(static_cast<uint8_t>(c), style.upper);
        else
            result += c;
    }
    return result;
}

std::string shell_quoted(std::string_view value)
{
    std::string result;
    for (char c : value)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result;
}

class Forms {
public:
    void add_value(std::string_view value)
    {
        if (value.size() < shortest_masked_secret)
            return;
        // The texts that an encoder may have got: the value, or the value as JSON (a body within a body).
        std::vector<std::string> texts = {std::string(value)};
        for (unsigned style = 0; style < json_styles; ++style) {
            std::string text(value);
            for (unsigned depth = 0; depth < json_depth && (is_valid_utf8(value) || (style & 2u) == 0); ++depth)
                texts.push_back(text = json_escaped(text, json_style(style)));
        }
        std::sort(texts.begin() + 1, texts.end());
        texts.erase(std::unique(texts.begin() + 1, texts.end()), texts.end());
        for (const std::string& text : texts)
            add_encoded(text);
    }

    std::vector<SecretForm> take()
    {
        std::sort(m_forms.begin(), m_forms.end());
        m_forms.erase(std::unique(m_forms.begin(), m_forms.end()), m_forms.end());
        return std::move(m_forms);
    }

private:
    static constexpr unsigned json_styles = 16;
    static constexpr unsigned json_depth = 3;

    static JsonStyle json_style(unsigned bits)
    {
        return {(bits & 1u) != 0, (bits & 2u) != 0, (bits & 4u) != 0, (bits & 8u) != 0};
    }

    void add_encoded(std::string_view text)
    {
        add(std::string(text), false);
        add(shell_quoted(text), false);
        for (size_t shift : {0u, 1u, 2u})
            for (std::string_view last_two : {"+/", "-_"})
                add(base64_core(text, shift, last_two), true);
        std::string hex = to_hex(text);
        std::string upper_hex = hex;
        for (char& c : upper_hex)
            c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        add(std::move(hex), true);
        add(std::move(upper_hex), true);
        for (bool upper : {true, false}) {
            for (std::string_view kept : {"-._~", "-._~/", "-_.!~*'()"}) // RFC 3986, a path, a browser
                add(url_encoded(text, kept, Space::percent, upper), false);
            add(url_encoded(text, "*-._", Space::plus, upper), false); // a form
        }
    }

    void add(std::string text, bool encoded)
    {
        bool wrapped = encoded && text.size() >= wrapping_length;
        // If a line break falls into the first eight bytes, only the rest can be found.
        if (wrapped)
            m_forms.push_back({text.substr(8), true});
        m_forms.push_back({std::move(text), wrapped});
    }

    std::vector<SecretForm> m_forms;
};

} // namespace

std::vector<SecretForm> secret_forms(std::string_view value)
{
    Forms forms;
    value = trim(value);
    forms.add_value(value);
    if (value.find('\n') != std::string_view::npos)
        for (std::string_view line : split(value, '\n'))
            forms.add_value(trim(line));
    return forms.take();
}

} // namespace quire::ci
