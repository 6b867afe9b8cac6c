// Where a text is of ASCII alone, as most texts are, its characters need not be looked at one by one.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace quire {

/// How many printable ASCII characters are at the front.
inline size_t plain_ascii_length(std::string_view text)
{
    size_t length = 0;
    // Eight at once: none has its highest bit, gets it by adding one, or lacks it after 0x20 was taken away.
    constexpr uint64_t each = 0x0101010101010101;
    for (uint64_t eight = 0; length + sizeof eight <= text.size(); length += sizeof eight) {
        std::memcpy(&eight, text.data() + length, sizeof eight);
        if (((eight | (eight + each) | (eight - each * 0x20)) & each * 0x80) != 0)
            break;
    }
    while (length < text.size() && text[length] >= 0x20 && text[length] < 0x7f)
        ++length;
    return length;
}

} // namespace quire
