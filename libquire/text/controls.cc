#include "text/controls.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_ascii.h"
#include "base/strings.h"

namespace quire::text {

/// The length of the plain piece at the front; 0 if the front must be shown in another form.
static size_t plain_length(std::string_view text)
{
    bool is_blank = text[0] == '\t' || text[0] == '\n' || text.starts_with("\r\n");
    return is_blank ? 1 : printable_length(text);
}

void split_controls(std::string_view text, const std::function<void(std::string_view)>& take_plain,
                    const std::function<void(std::string_view)>& take_control)
{
    size_t begin = 0, at = 0;
    while (at < text.size()) {
        size_t length = plain_ascii_length(text.substr(at)); // most text is
        if (length == 0)
            length = plain_length(text.substr(at));
        if (length > 0) {
            at += length;
            continue;
        }
        if (at > begin)
            take_plain(text.substr(begin, at - begin));
        length = std::max<size_t>(utf8_length(text.substr(at)), 1);
        take_control(text.substr(at, length));
        begin = at += length;
    }
    if (at > begin)
        take_plain(text.substr(begin));
}

std::string show_control(std::string_view bytes)
{
    if (utf8_length(bytes) != bytes.size())
        return std::string("\xef\xbf\xbd");
    auto lead = static_cast<unsigned char>(bytes[0]);
    char32_t character = bytes.size() == 1 ? lead : lead & (0x7fu >> bytes.size());
    for (char c : bytes.substr(1))
        character = character << 6 | (static_cast<unsigned char>(c) & 0x3f);
    return character < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(character))
                            : fmt::format("\\u{:04x}", static_cast<unsigned>(character));
}

std::string cut(std::string_view text, size_t size)
{
    if (text.size() <= size)
        return std::string(text);
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    return std::string(text.substr(0, size)) + "…";
}

std::string show_controls(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    split_controls(
        text, [&](std::string_view plain) { out += plain; },
        [&](std::string_view control) { out += show_control(control); });
    return out;
}

} // namespace quire::text
