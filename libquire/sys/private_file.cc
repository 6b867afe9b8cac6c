#include "sys/private_file.h"

#include <sys/stat.h>

#include "sys/file.h"

namespace quire::sys {

Result<UniqueFd> private_memory_file(std::string_view content)
{
    UniqueFd file = TRY(memory_file(content));
    if (::fchmod(file.get(), 0600) != 0)
        return fail_errno("close a file in memory to others");
    return file;
}

std::string private_path(int fd) { return fmt::format("/proc/self/fd/{}", fd); }

} // namespace quire::sys
