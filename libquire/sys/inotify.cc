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

Result<void> Watcher::watch_directory(const std::string& absolute_path)
{
    if (::inotify_add_watch(m_fd.get(), absolute_path.c_str(), IN_MOVED_TO | IN_CREATE | IN_ONLYDIR) < 0)
        return fail_errno(fmt::format("watch {}", absolute_path));
    return {};
}

void Watcher::drain()
{
    alignas(inotify_event) char buffer[4096];
    while (::read(m_fd.get(), buffer, sizeof buffer) > 0) {
    }
}

} // namespace quire::sys
