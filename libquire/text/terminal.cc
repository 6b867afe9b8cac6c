#include "text/terminal.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace quire::text {

constexpr char escape = '\x1b';
constexpr size_t longest_colour = 64; ///< no terminal needs more parameters

static bool is_colour_parameter(char c) { return (c >= '0' && c <= '9') || c == ';' || c == ':'; }

/// The length of the colour escape (ESC [ parameters m) at the front; 0: there is none.
static size_t colour_length(std::string_view text)
{
    if (text.size() < 3 || text[0] != escape || text[1] != '[')
        return 0;
    size_t end = 2;
    while (end < text.size() && end < longest_colour && is_colour_parameter(text[end]))
        ++end;
    return end < text.size() && text[end] == 'm' ? end + 1 : 0;
}

static bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\t'; }

std::string log_for_terminal(std::string_view text, Colour colour)
{
    strip_suffix(text, "\r");
    std::string out;
    out.reserve(text.size());
    bool coloured = false;
    while (!text.empty()) {
        size_t plain = static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty())
            break;
        size_t length = colour_length(text);
        if (length > 0) {
            if (colour == Colour::keep) {
                out += text.substr(0, length);
                coloured = text.substr(0, length) != "\x1b[m" && text.substr(0, length) != "\x1b[0m";
            }
        } else if (length = printable_length(text); length > 0) {
            out += text.substr(0, length);
        } else {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
            length = 1;
        }
        text.remove_prefix(length);
    }
    if (coloured)
        out += "\x1b[0m";
    return out;
}

size_t unfinished_tail(std::string_view text)
{
    std::string_view end = text.substr(text.size() - std::min(text.size(), longest_colour));
    if (size_t at = end.rfind(escape); at != end.npos) {
        std::string_view tail = end.substr(at);
        bool begins_colour =
            tail.size() == 1 || (tail[1] == '[' && std::all_of(tail.begin() + 2, tail.end(), is_colour_parameter));
        if (begins_colour)
            return tail.size();
    }
    for (size_t back = 1; back <= 3 && back <= end.size(); ++back) {
        auto byte = static_cast<unsigned char>(end[end.size() - back]);
        if (byte < 0x80)
            return 0;
        if (byte >= 0xc0) {
            size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return length > back ? back : 0;
        }
    }
    return 0;
}

} // namespace quire::text
