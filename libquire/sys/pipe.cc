#include "sys/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include "sys/retry.h"

namespace quire::sys {

Result<void> make_nonblocking(int fd)
{
    int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return fail_errno("make a pipe non-blocking");
    return {};
}

void enlarge_pipe(int fd, int bytes)
{
    ::fcntl(fd, F_SETPIPE_SZ, bytes);
}

static Result<std::optional<size_t>> outcome(ssize_t count, const char* call)
{
    if (count >= 0)
        return std::optional(static_cast<size_t>(count));
    if (errno == EAGAIN)
        return std::optional<size_t>();
    return fail_errno(call);
}

Result<std::optional<size_t>> read_ready(int fd, char* buffer, size_t size)
{
    return outcome(retry([&] { return ::read(fd, buffer, size); }), "read a pipe");
}

Result<std::optional<size_t>> write_ready(int fd, std::string_view bytes)
{
    return outcome(retry([&] { return ::write(fd, bytes.data(), bytes.size()); }), "write to a pipe");
}

} // namespace quire::sys
