#include "sys/inotify.h"

#include <sys/inotify.h>

#include <algorithm>
#include <cstring>

namespace quire::sys {

Result<Watcher> Watcher::create()
{
    UniqueFd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!fd)
        return fail_errno("watch directories");
    return Watcher(std::move(fd));
}

constexpr uint32_t appearing = IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
constexpr uint32_t changing = appearing | IN_MODIFY;

static Result<int> add_watch(int fd, const std::string& path, uint32_t events)
{
    int watch = ::inotify_add_watch(fd, path.c_str(), events);
    if (watch < 0)
        return fail_errno(fmt::format("watch {}", path));
    return watch;
}

Result<void> Watcher::watch_directory(const std::string& absolute_path)
{
    TRY(add_watch(m_fd.get(), absolute_path, appearing));
    return {};
}

Result<void> Watcher::watch_changes(const std::string& absolute_path)
{
    TRY(add_watch(m_fd.get(), absolute_path, changing));
    return {};
}

Result<int> Watcher::follow(const std::string& absolute_path) { return add_watch(m_fd.get(), absolute_path, changing); }

Result<int> Watcher::follow_all(const std::string& absolute_path)
{
    return add_watch(m_fd.get(), absolute_path,
                     changing | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF);
}

void Watcher::unfollow(int watch) { ::inotify_rm_watch(m_fd.get(), watch); }

std::vector<int> Watcher::changed()
{
    alignas(inotify_event) char buffer[16384];
    std::vector<int> watches;
    for (ssize_t size; (size = ::read(m_fd.get(), buffer, sizeof buffer)) > 0;) {
        for (ssize_t at = 0; at < size;) {
            inotify_event event;
            std::memcpy(&event, buffer + at, sizeof event);
            if (watches.empty() || watches.back() != event.wd)
                watches.push_back(event.wd);
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
        std::sort(watches.begin(), watches.end());
        watches.erase(std::unique(watches.begin(), watches.end()), watches.end());
    }
    return watches;
}

Result<void> Watcher::watch_departures(const std::string& absolute_path)
{
    TRY(add_watch(m_fd.get(), absolute_path, IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR));
    return {};
}

void Watcher::drain()
{
    alignas(inotify_event) char buffer[4096];
    while (::read(m_fd.get(), buffer, sizeof buffer) > 0) {
    }
}

} // namespace quire::sys
