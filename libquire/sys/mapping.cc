#include "sys/mapping.h"

#include <sys/mman.h>
#include <sys/stat.h>

namespace quire::sys {

Result<Mapping> Mapping::map(int fd, std::string_view name)
{
    struct stat status{};
    if (::fstat(fd, &status) < 0)
        return fail_errno(fmt::format("stat {}", name));
    if (status.st_size == 0)
        return Mapping(std::string_view());
    auto size = static_cast<size_t>(status.st_size);
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (memory == MAP_FAILED)
        return fail_errno(fmt::format("map {}", name));
    return Mapping(std::string_view(static_cast<const char*>(memory), size));
}

Mapping::~Mapping()
{
    if (!m_content.empty())
        ::munmap(const_cast<char*>(m_content.data()), m_content.size());
}

} // namespace quire::sys
