#include "base/display_width.h"

#include <algorithm>
#include <iterator>

namespace quire {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr Range zero_width[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
                                {0x64b, 0x65f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
                                {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
constexpr Range double_width[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
                                  {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                                  {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

template <size_t size>
bool is_in(char32_t c, const Range (&ranges)[size])
{
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// Takes one character off the text; each byte that is not UTF-8 counts as one.
char32_t take_character(std::string_view& text)
{
    auto first = static_cast<unsigned char>(text[0]);
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    char32_t c = length == 1 ? first : first & (0xffu >> (length + 1));
    length = std::min(length, text.size());
    for (size_t i = 1; i < length; ++i)
        c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
    text.remove_prefix(length);
    return c;
}

} // namespace

size_t display_width(std::string_view text)
{
    size_t width = 0;
    while (!text.empty()) {
        char32_t c = take_character(text);
        if (c < 0x300)
            ++width;
        else if (!is_in(c, zero_width))
            width += is_in(c, double_width) ? 2 : 1;
    }
    return width;
}

} // namespace quire
