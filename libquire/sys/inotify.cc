#include "sys/inotify.h"

#include <sys/inotify.h>

namespace quire::sys {

Result<Watcher> Watcher::create()
{
    UniqueFd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!fd)
        return fail_errno("watch directories");
    return Watcher(std::move(fd));
}

static Result<void> add_watch(int fd, const std::string& path, uint32_t events)
{
    if (::inotify_add_watch(fd, path.c_str(), events) < 0)
        return fail_errno(fmt::format("watch {}", path));
    return {};
}

Result<void> Watcher::watch_directory(const std::string& absolute_path)
{
    return add_watch(m_fd.get(), absolute_path, IN_MOVED_TO | IN_CREATE | IN_ONLYDIR);
}

Result<void> Watcher::watch_changes(const std::string& absolute_path)
{
    return add_watch(m_fd.get(), absolute_path, IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_ONLYDIR);
}

Result<void> Watcher::watch_departures(const std::string& absolute_path)
{
    return add_watch(m_fd.get(), absolute_path, IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR);
}

void Watcher::drain()
{
    alignas(inotify_event) char buffer[4096];
    while (::read(m_fd.get(), buffer, sizeof buffer) > 0) {
    }
}

} // namespace quire::sys
