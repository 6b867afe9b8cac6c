// The functions of sys/file.h that change and read directories.
#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#include <algorithm>
#include <memory>

#include "sys/file.h"
#include "sys/retry.h"

namespace quire::sys {

static Result<void> check(int result, std::string_view call, std::string_view name)
{
    if (result < 0)
        return fail_errno(fmt::format("{} {}", call, name));
    return {};
}

Result<void> rename_at(int from_directory, const std::string& from, int to_directory, const std::string& to)
{
    return check(::renameat(from_directory, from.c_str(), to_directory, to.c_str()), "rename",
                 fmt::format("{} to {}", from, to));
}

Result<void> rename_noreplace(int from_directory, const std::string& from, int to_directory, const std::string& to)
{
    return check(::renameat2(from_directory, from.c_str(), to_directory, to.c_str(), RENAME_NOREPLACE), "rename",
                 fmt::format("{} to {}", from, to));
}

Result<void> make_directory(int directory, const std::string& path, mode_t mode)
{
    return check(::mkdirat(directory, path.c_str(), mode), "make directory", path);
}

Result<void> make_directories(int directory, const std::string& path, mode_t mode)
{
    // Mostly all but the last of them are there, or all.
    if (auto whole = make_directory(directory, path, mode); whole || whole.error().kind == ErrorKind::exists)
        return {};
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
        auto made = make_directory(directory, path.substr(0, slash), mode);
        if (!made && made.error().kind != ErrorKind::exists)
            return made;
        if (slash == std::string::npos)
            return {};
    }
}

Result<UniqueFd> make_directories_beneath(int directory, const std::string& path, mode_t mode)
{
    constexpr int flags = O_RDONLY | O_DIRECTORY;
    auto whole = open_beneath(directory, path, flags);
    if (whole || whole.error().code != ENOENT)
        return whole;
    UniqueFd below = TRY(duplicate(directory));
    for (size_t begin = 0; begin < path.size();) {
        size_t slash = std::min(path.find('/', begin), path.size());
        std::string name = path.substr(begin, slash - begin);
        auto made = make_directory(below.get(), name, mode);
        if (!made && made.error().kind != ErrorKind::exists)
            return with_context(std::move(made).error(), path);
        // Each step starts from the top, because a symlink inside may lead up but not out.
        below = TRY(open_beneath(directory, path.substr(0, slash), flags));
        begin = slash + 1;
    }
    return below;
}

Result<void> unlink_at(int directory, const std::string& path)
{
    return check(::unlinkat(directory, path.c_str(), 0), "remove", path);
}

Result<void> remove_directory(int directory, const std::string& path)
{
    return check(::unlinkat(directory, path.c_str(), AT_REMOVEDIR), "remove", path);
}

Result<void> symlink_at(const std::string& target, int directory, const std::string& path)
{
    return check(::symlinkat(target.c_str(), directory, path.c_str()), "make symlink", path);
}

Result<std::string> read_link(int directory, const std::string& path)
{
    char target[PATH_MAX];
    ssize_t size = ::readlinkat(directory, path.c_str(), target, sizeof target);
    if (size < 0)
        return fail_errno(fmt::format("read symlink {}", path));
    return std::string(target, static_cast<size_t>(size));
}

Result<std::optional<struct stat>> stat_at(int directory, const std::string& path)
{
    struct stat status{};
    if (::fstatat(directory, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return std::optional(status);
    if (errno == ENOENT || errno == ENOTDIR)
        return std::optional<struct stat>();
    return fail_errno(fmt::format("stat {}", path));
}

bool exists(int directory, const std::string& path)
{
    return ::faccessat(directory, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_executable_file(int directory, const std::string& path)
{
    struct stat status{};
    return ::fstatat(directory, path.c_str(), &status, 0) == 0 && S_ISREG(status.st_mode) &&
           ::faccessat(directory, path.c_str(), X_OK, 0) == 0;
}

Instant modified_at(const struct stat& status)
{
    return static_cast<Instant>(status.st_mtim.tv_sec) * nanoseconds_per_second + status.st_mtim.tv_nsec;
}

Result<void> set_modified(int fd, Instant at, std::string_view name)
{
    const timespec times[] = {{.tv_nsec = UTIME_OMIT},
                              {.tv_sec = at / nanoseconds_per_second, .tv_nsec = at % nanoseconds_per_second}};
    return check(::futimens(fd, times), "set the time of", std::string(name));
}

Result<std::vector<std::string>> list_directory(int directory, const std::string& path)
{
    UniqueFd fd = TRY(open_directory(directory, path));
    std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), ::closedir);
    if (!stream)
        return fail_errno(fmt::format("list {}", path));
    (void)fd.release(); // closedir() closes it
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(stream.get());
        if (!entry)
            break;
        std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            names.emplace_back(name);
    }
    if (errno != 0)
        return fail_errno(fmt::format("list {}", path));
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace quire::sys
