#include "git/change_id.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::git {

constexpr size_t shortest_header = 12, longest_header = 32;
constexpr size_t trailer_size = 41;
constexpr std::string_view header_letters = "klmnopqrstuvwxyz", hex_digits = "0123456789abcdef";

static bool consists_of(std::string_view text, std::string_view letters)
{
    return text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_change_id(std::string_view text)
{
    if (text.starts_with('I'))
        return text.size() == trailer_size && consists_of(text.substr(1), hex_digits);
    return text.size() >= shortest_header && text.size() <= longest_header && consists_of(text, header_letters);
}

bool is_change_id_prefix(std::string_view text)
{
    if (text.starts_with('I'))
        return text.size() <= trailer_size && consists_of(text.substr(1), hex_digits);
    return !text.empty() && text.size() <= longest_header && consists_of(text, header_letters);
}

std::string_view trailer_change_id(std::string_view message)
{
    while (message.ends_with('\n') || message.ends_with(' '))
        message.remove_suffix(1);
    // Trailers are the last paragraph, but never the first: a subject alone is not a trailer.
    size_t gap = message.rfind("\n\n");
    std::string_view found;
    if (gap == std::string_view::npos)
        return found;
    std::string_view trailers = message.substr(gap + 2);
    while (!trailers.empty()) {
        std::string_view value = take_until(trailers, '\n');
        std::string_view key = take_until(value, ':');
        if (equal_ignoring_case(key, "change-id") && is_change_id(trim(value)))
            found = trim(value);
    }
    return found;
}

} // namespace quire::git
