#include "base/log.h"

#include <unistd.h>

#include <algorithm>

#include "base/plain_ascii.h"
#include "base/strings.h"

namespace quire {

static std::string g_program = "quire";

void set_program_name(std::string_view name) { g_program = name; }

std::string_view program_name() { return g_program; }

std::string visible(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        size_t length = plain_ascii_length(text); // most text is
        if (length == 0)
            length = printable_length(text);
        if (length > 0)
            out += text.substr(0, length);
        else
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        text.remove_prefix(std::max<size_t>(length, 1));
    }
    return out;
}

void log_line(std::string_view text)
{
    std::string line = fmt::format("{}: {}\n", g_program, visible(text));
    [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace quire
