#include "text/escape.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/plain_ascii.h"
#include "base/strings.h"

namespace quire::text {

constexpr std::string_view replacement_character = "\xef\xbf\xbd";

std::string escape_html(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '\0':
            out += replacement_character;
            break;
        default:
            out += c;
        }
    }
    return out;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

std::string percent_encode(std::string_view text, Slash slash)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        if (is_unreserved(c) || (c == '/' && slash == Slash::keep)) {
            out += c;
        } else {
            auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        std::string_view pair = text.substr(i + 1, 2);
        std::optional<std::string> byte = pair.size() == 2 ? from_hex(pair) : std::nullopt;
        if (!byte)
            return std::nullopt;
        out += *byte;
        i += 2;
    }
    return out;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64_encode(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        size_t have = std::min<size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (size_t j = 0; j < 3; ++j)
            group = group << 8 | (j < have ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (size_t j = 0; j < 4; ++j)
            out += j <= have ? base64_digits[group >> (18 - 6 * j) & 63] : '=';
    }
    return out;
}

static constexpr std::array<signed char, 256> make_base64_values()
{
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (size_t i = 0; i < base64_digits.size(); ++i)
        values[static_cast<unsigned char>(base64_digits[i])] = static_cast<signed char>(i);
    return values;
}

std::optional<std::string> base64_decode(std::string_view text)
{
    static constexpr std::array<signed char, 256> values = make_base64_values();
    if (text.size() % 4 != 0)
        return std::nullopt;
    size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    std::string_view digits = text.substr(0, text.size() - padding);
    std::string out;
    out.reserve(text.size() / 4 * 3);
    unsigned bits = 0;
    int have = 0;
    for (char c : digits) {
        signed char value = values[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>(bits >> have & 0xff);
        }
    }
    // The bits that are left must be zero, or two texts would decode to the same bytes.
    if ((bits & ((1u << have) - 1)) != 0)
        return std::nullopt;
    return out;
}

std::string for_terminal(std::string_view text) { return visible(text); }

/// REQUIRES: one well-formed character.
static char32_t decode(std::string_view sequence)
{
    auto first = static_cast<unsigned char>(sequence[0]);
    char32_t character = sequence.size() == 1 ? first : first & (0x7fu >> sequence.size());
    for (char c : sequence.substr(1))
        character = character << 6 | (static_cast<unsigned char>(c) & 0x3f);
    return character;
}

/// Unicode's Default_Ignorable_Code_Point, its blanks except U+0020, the empty characters of Braille and Hangul, and
/// annotation marks.
static bool is_invisible(char32_t character)
{
    struct Range {
        char32_t first, last;
    };
    static constexpr Range ranges[] = {
        {0xa0, 0xa0},       {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},     {0x115f, 0x1160},
        {0x1680, 0x1680},   {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f},   {0x2028, 0x202f},
        {0x205f, 0x206f},   {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff},
    };
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [&](const Range& range) { return character >= range.first && character <= range.last; });
}

std::string show_invisible(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        size_t length = printable_length(text);
        std::string_view character = text.substr(0, std::max<size_t>(length, 1));
        if (length > 0 && !is_invisible(decode(character)))
            out += character;
        else
            for (char c : character)
                out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        text.remove_prefix(character.size());
    }
    return out;
}

std::string to_utf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        size_t length = plain_ascii_length(text);
        if (length == 0)
            length = utf8_length(text);
        out += length > 0 ? text.substr(0, length) : replacement_character;
        text.remove_prefix(std::max<size_t>(length, 1));
    }
    return out;
}

} // namespace quire::text
