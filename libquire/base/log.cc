#include "base/log.h"

#include <unistd.h>

#include "base/strings.h"

namespace quire {

static std::string g_program = "quire";

void set_program_name(std::string_view name) { g_program = name; }

std::string_view program_name() { return g_program; }

std::string visible(std::string_view text)
{
    // Bytes past 0x7f are kept only when the whole is UTF-8 without C1 controls; otherwise they are shown too.
    std::string printable;
    for (char c : text)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            printable += c;
    bool keep_high = is_printable_utf8(printable);
    std::string out;
    out.reserve(text.size());
    for (unsigned char byte : text) {
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !keep_high))
            out += fmt::format("\\x{:02x}", byte);
        else
            out += static_cast<char>(byte);
    }
    return out;
}

void log_line(std::string_view text)
{
    std::string line = fmt::format("{}: {}\n", g_program, visible(text));
    [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace quire
