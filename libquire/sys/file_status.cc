#include "sys/file_status.h"

#include "sys/file.h"

namespace quire::sys {

Result<struct stat> stat_of(int fd, std::string_view name)
{
    struct stat status{};
    if (::fstat(fd, &status) != 0)
        return fail_errno(fmt::format("stat {}", name));
    return status;
}

uint64_t size_of(int fd)
{
    auto status = stat_of(fd, "");
    return status ? static_cast<uint64_t>(status->st_size) : 0;
}

Result<std::string> read_tail(int fd, uint64_t most)
{
    uint64_t size = size_of(fd);
    uint64_t from = size > most ? size - most : 0;
    return read_at(fd, from, size - from);
}

} // namespace quire::sys
