// Where a text is of ASCII alone, as most texts are, its characters need not be looked at one by one.
#pragma once

#include <string_view>

namespace quire {

/// How many printable ASCII characters are at the front.
inline size_t plain_ascii_length(std::string_view text)
{
    size_t length = 0;
    while (length < text.size() && text[length] >= 0x20 && text[length] < 0x7f)
        ++length;
    return length;
}

} // namespace quire
