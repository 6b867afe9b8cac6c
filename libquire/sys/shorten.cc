#include "sys/shorten.h"

#include <unistd.h>

#include <algorithm>

#include "sys/file.h"

namespace quire::sys {

Result<uint64_t> cut_zeros(int fd, uint64_t size, std::string_view name)
{
    constexpr uint64_t piece = 64 * 1024;
    uint64_t end = size;
    while (end > 0) {
        uint64_t from = end > piece ? end - piece : 0;
        if (end == size)
            from = end - 1; // as a rule there is none
        std::string bytes = TRY(read_at(fd, from, end - from));
        size_t last = bytes.find_last_not_of('\0');
        end = last == std::string::npos ? from : from + last + 1;
        if (last != std::string::npos)
            break;
    }
    if (end < size && ::ftruncate(fd, static_cast<off_t>(end)) < 0)
        return fail_errno(fmt::format("shorten {}", name));
    return end;
}

} // namespace quire::sys
