#include "base/natural_order.h"

#include <algorithm>

namespace quire {

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits off the front and drops leading zeros. Of two such numbers, the longer one is the larger.
static std::string_view take_number(std::string_view& text)
{
    size_t length = 0;
    while (length < text.size() && is_digit(text[length]))
        length++;
    std::string_view number = text.substr(0, length);
    text.remove_prefix(length);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

bool natural_less(std::string_view a, std::string_view b)
{
    auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(lower(c)) + 1; };
    std::string_view left = a, right = b;
    while (!left.empty() && !right.empty()) {
        if (is_digit(left[0]) && is_digit(right[0])) {
            std::string_view x = take_number(left), y = take_number(right);
            if (x != y)
                return x.size() != y.size() ? x.size() < y.size() : x < y;
            continue;
        }
        if (rank(left[0]) != rank(right[0]))
            return rank(left[0]) < rank(right[0]);
        left.remove_prefix(1);
        right.remove_prefix(1);
    }
    return left.empty() != right.empty() ? left.empty() : a < b;
}

} // namespace quire
