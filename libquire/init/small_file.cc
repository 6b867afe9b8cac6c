#include "init/small_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/unique_fd.h"
#include "sys/retry.h"

namespace quire::init {

std::string read_small(const char* path)
{
    constexpr size_t largest = 64u << 10;
    UniqueFd fd(sys::retry([&] { return ::open(path, O_RDONLY | O_CLOEXEC); }));
    std::string content;
    char buffer[16384]; // much of what is in /proc is made anew for each part that is read
    while (fd && content.size() < largest) {
        ssize_t got = sys::retry([&] { return ::read(fd.get(), buffer, sizeof buffer); });
        if (got <= 0)
            break;
        content.append(buffer, static_cast<size_t>(got));
    }
    return content;
}

uint64_t number_in(const std::string& text, const char* name)
{
    size_t at = text.find(std::string("\n") + name);
    if (at == std::string::npos)
        return 0;
    return std::strtoull(text.c_str() + at + 1 + std::char_traits<char>::length(name), nullptr, 10);
}

} // namespace quire::init
