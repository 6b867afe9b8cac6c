#include "sys/file.h"

#include <limits.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdlib>

#include "sys/retry.h"

namespace quire::sys {

Result<UniqueFd> open_at(int directory, const std::string& path, int flags, mode_t mode)
{
    int fd = retry([&] { return ::openat(directory, path.c_str(), flags | O_CLOEXEC, mode); });
    if (fd < 0)
        return fail_errno(fmt::format("open {}", path));
    return UniqueFd(fd);
}

Result<UniqueFd> open_directory(int directory, const std::string& path)
{
    return open_at(directory, path, O_RDONLY | O_DIRECTORY);
}

Result<UniqueFd> open_beneath(int directory, const std::string& path, int flags, mode_t mode)
{
    open_how how{};
    how.mode = (flags & O_CREAT) != 0 ? mode : 0; // openat2 refuses a mode that it does not need
    how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long fd = retry([&] { return ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how); });
    if (fd < 0)
        return fail_errno(fmt::format("open {}", path));
    return UniqueFd(static_cast<int>(fd));
}

static Result<UniqueFd> require_regular(UniqueFd file, const std::string& path)
{
    struct stat status{};
    if (::fstat(file.get(), &status) != 0)
        return fail_errno(fmt::format("stat {}", path));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorKind::invalid, "{} is no regular file", path);
    return file;
}

/// O_NONBLOCK in case it is a fifo, O_NOCTTY in case it is a terminal. Neither affects regular files.
constexpr int for_reading = O_RDONLY | O_NONBLOCK | O_NOCTTY;

Result<UniqueFd> open_regular(int directory, const std::string& path, int flags)
{
    return require_regular(TRY(open_at(directory, path, for_reading | flags)), path);
}

Result<UniqueFd> open_regular_beneath(int directory, const std::string& path, int flags)
{
    return require_regular(TRY(open_beneath(directory, path, for_reading | flags)), path);
}

Result<UniqueFd> duplicate(int fd)
{
    int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0)
        return fail_errno("duplicate a descriptor");
    return UniqueFd(copy);
}

Result<std::string> read_some(int fd, size_t size)
{
    std::string buffer(size, '\0');
    ssize_t got = retry([&] { return ::read(fd, buffer.data(), size); });
    if (got < 0)
        return fail_errno("read");
    buffer.resize(static_cast<size_t>(got));
    return buffer;
}

Result<std::optional<size_t>> read_ready(int fd, char* buffer, size_t size)
{
    ssize_t got = retry([&] { return ::read(fd, buffer, size); });
    if (got < 0 && errno == EAGAIN)
        return std::optional<size_t>();
    if (got < 0)
        return fail_errno("read");
    return std::optional(static_cast<size_t>(got));
}

Result<std::optional<size_t>> write_ready(int fd, std::string_view data)
{
    ssize_t written = retry([&] { return ::write(fd, data.data(), data.size()); });
    if (written < 0 && errno == EAGAIN)
        return std::optional<size_t>();
    if (written < 0)
        return fail_errno("write");
    return std::optional(static_cast<size_t>(written));
}

int enlarge_pipe(int fd, int bytes)
{
    ::fcntl(fd, F_SETPIPE_SZ, bytes);
    return ::fcntl(fd, F_GETPIPE_SZ);
}

Result<void> set_nonblocking(int fd)
{
    int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return fail_errno("make a descriptor non-blocking");
    return {};
}

Result<size_t> read_into(int fd, uint64_t offset, char* buffer, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = retry([&] { return ::pread(fd, buffer + have, size - have, static_cast<off_t>(offset + have)); });
        if (got < 0)
            return fail_errno("read");
        if (got == 0)
            break;
        have += static_cast<size_t>(got);
    }
    return have;
}

Result<UniqueFd> memory_file(std::string_view content)
{
    UniqueFd memory(::memfd_create("content", MFD_CLOEXEC));
    if (!memory)
        return fail_errno("make a file in memory");
    TRY(write_all(memory.get(), content));
    if (::lseek(memory.get(), 0, SEEK_SET) < 0)
        return fail_errno("rewind a file in memory");
    return memory;
}

/// How much to ask for next. To double it again and again would copy a large file twice; one byte more than there is
/// tells that it ends there.
static size_t next_step(int fd, size_t have, size_t limit)
{
    struct stat status;
    bool has_size = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    size_t size = has_size ? std::min(static_cast<size_t>(status.st_size), limit) : 0;
    return size >= have ? size - have + 1 : have;
}

Result<std::string> read_all(int fd, size_t limit, std::string_view name)
{
    std::string content;
    char first[4096]; // most files are small, and a string clears what it grows by
    for (;;) {
        size_t have = content.size();
        size_t step = have < sizeof first ? sizeof first : next_step(fd, have, limit);
        if (have > 0)
            content.resize(have + step);
        char* to = have > 0 ? content.data() + have : first;
        ssize_t got = retry([&] { return ::read(fd, to, step); });
        if (got < 0)
            return fail_errno(fmt::format("read {}", name));
        if (have > 0)
            content.resize(have + static_cast<size_t>(got));
        else
            content.assign(first, static_cast<size_t>(got));
        if (got == 0)
            return content;
        if (content.size() > limit)
            return fail(ErrorKind::invalid, "{}: more than {} bytes", name, limit);
    }
}

Result<std::string> read_file(int directory, const std::string& path, size_t limit)
{
    UniqueFd fd = TRY(open_regular(directory, path));
    return read_all(fd.get(), limit, path);
}

Result<std::string> read_at(int fd, uint64_t offset, size_t size)
{
    std::string buffer(size, '\0');
    buffer.resize(TRY(read_into(fd, offset, buffer.data(), size)));
    return buffer;
}

Result<void> write_all(int fd, std::string_view data)
{
    while (!data.empty()) {
        ssize_t written = retry([&] { return ::write(fd, data.data(), data.size()); });
        if (written < 0)
            return fail_errno("write");
        data.remove_prefix(static_cast<size_t>(written));
    }
    return {};
}

Result<void> write_at(int fd, std::string_view data, uint64_t offset)
{
    while (!data.empty()) {
        ssize_t written = retry([&] { return ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset)); });
        if (written < 0)
            return fail_errno("write");
        data.remove_prefix(static_cast<size_t>(written));
        offset += static_cast<uint64_t>(written);
    }
    return {};
}

Result<void> append_file(int directory, const std::string& path, std::string_view data, mode_t mode)
{
    UniqueFd fd = TRY(open_at(directory, path, O_WRONLY | O_APPEND | O_CREAT, mode));
    TRY(write_all(fd.get(), data));
    return sync_data(fd.get(), path);
}

static Result<void> check(int result, std::string_view call, std::string_view name)
{
    if (result < 0)
        return fail_errno(fmt::format("{} {}", call, name));
    return {};
}

Result<void> sync_file(int fd, std::string_view name)
{
    return check(retry([&] { return ::fsync(fd); }), "sync", name);
}

Result<void> sync_data(int fd, std::string_view name)
{
    return check(retry([&] { return ::fdatasync(fd); }), "sync", name);
}

Result<void> sync_directory(int directory, const std::string& path)
{
    UniqueFd fd = TRY(open_directory(directory, path));
    return sync_file(fd.get(), path);
}

Result<void> sync_filesystem(int fd, std::string_view name)
{
    return check(retry([&] { return ::syncfs(fd); }), "sync the file system of", name);
}

Result<void> close_checked(UniqueFd fd, std::string_view name)
{
    // close is never retried: on Linux the descriptor is gone even after an error.
    if (::close(fd.release()) < 0 && errno != EINTR)
        return fail_errno(fmt::format("close {}", name));
    return {};
}

Result<std::string> real_path(const std::string& path)
{
    char resolved[PATH_MAX];
    if (!::realpath(path.c_str(), resolved))
        return fail_errno(fmt::format("resolve {}", path));
    return std::string(resolved);
}

Result<std::string> current_directory()
{
    char path[PATH_MAX];
    if (!::getcwd(path, sizeof path))
        return fail_errno("find the current directory");
    return std::string(path);
}

} // namespace quire::sys
