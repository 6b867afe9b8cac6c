#include "text/encoding.h"

#include "base/strings.h"

namespace quire::text {

static std::string from_utf16(std::string_view bytes, bool is_big)
{
    auto unit = [&](size_t at) {
        auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(is_big ? first << 8 | second : second << 8 | first);
    };
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(bytes.size());
    for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
        char32_t value = unit(at);
        bool is_pair = value >= 0xd800 && value < 0xdc00 && at + 3 < bytes.size() && unit(at + 2) >= 0xdc00 &&
                       unit(at + 2) < 0xe000;
        if (is_pair) {
            value = 0x10000 + ((value - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
            at += 2;
        }
        std::string encoded = encode_utf8(value);
        out += encoded.empty() ? replacement : std::string_view(encoded);
    }
    return out;
}

/// Whether more bytes belong to no character than there are characters outside ASCII.
static bool is_rather_latin1(std::string_view text)
{
    size_t wrong = 0, right = 0;
    for (size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        size_t length = utf8_length(text.substr(at, 4));
        // C1 controls are in no text of Latin-1 that anybody wrote.
        if (length == 0 && static_cast<unsigned char>(text[at]) < 0xa0)
            return false;
        wrong += length == 0;
        right += length > 0;
        at += length > 0 ? length : 1;
    }
    return wrong > right;
}

Decoded decode_text(std::string content)
{
    std::string_view bytes = content;
    bool is_little = bytes.starts_with("\xff\xfe"), is_big = bytes.starts_with("\xfe\xff");
    if (is_little || is_big)
        return {from_utf16(bytes.substr(2), is_big), "UTF-16"};
    bool has_nul = bytes.find('\0') != std::string_view::npos;
    if (has_nul || is_valid_utf8(bytes) || !is_rather_latin1(bytes))
        return {std::move(content), ""};
    std::string out;
    out.reserve(content.size() + content.size() / 8);
    for (char c : content) {
        auto value = static_cast<unsigned char>(c);
        if (value < 0x80)
            out += c;
        else
            out += encode_utf8(value);
    }
    return {std::move(out), "Latin-1"};
}

} // namespace quire::text
