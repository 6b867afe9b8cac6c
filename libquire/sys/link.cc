#include "sys/link.h"

#include <unistd.h>

#include "sys/file.h"

namespace quire::sys {

static Result<void> copy(int source, int to_directory, const std::string& to)
{
    constexpr size_t piece = 1u << 20;
    UniqueFd target = TRY(open_at(to_directory, to, O_WRONLY | O_CREAT | O_EXCL, 0444));
    for (;;) {
        std::string bytes = TRY(read_some(source, piece));
        if (bytes.empty())
            return close_checked(std::move(target), to);
        TRY(write_all(target.get(), bytes));
    }
}

Result<Taken> link_or_copy(int from_directory, const std::string& from, int to_directory, const std::string& to)
{
    // The descriptor, not the name, is what was found to be a regular file.
    UniqueFd source = TRY(open_regular(from_directory, from, O_NOFOLLOW));
    std::string itself = fmt::format("/proc/self/fd/{}", source.get());
    if (::linkat(AT_FDCWD, itself.c_str(), to_directory, to.c_str(), AT_SYMLINK_FOLLOW) == 0)
        return Taken::linked;
    if (errno == EEXIST)
        return fail_errno("link " + to);
    TRY(copy(source.get(), to_directory, to));
    return Taken::copied;
}

} // namespace quire::sys
