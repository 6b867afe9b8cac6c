#include "web/keep/list_watch.h"

#include <chrono>

#include "base/log.h"
#include "store/repositories.h"
#include "sys/file.h"

namespace quire::web {

namespace paths = store::paths;

ListWatch::~ListWatch()
{
    m_stopping = true;
    if (m_builder.joinable())
        m_builder.join();
}

/// What the list shows about a repository is in two directories. If one does not exist yet, the directory in which it
/// would appear is watched instead.
Result<void> ListWatch::watch_repository(Watched& watched, const store::RepoName& name) const
{
    std::string settings = fmt::format("{}/{}", m_root.absolute(paths::repository(name)), paths::repository_settings);
    auto watch = watched.watcher.follow_all(settings);
    if (!watch && watch.error().code == ENOENT)
        watched.places.insert(TRY(watched.watcher.follow_all(m_root.absolute(paths::repository(name)))));
    else if (!watch)
        return Unexpected(std::move(watch).error());
    auto runs = watched.watcher.follow_all(m_root.absolute(paths::repository_runs(name)));
    if (!runs && runs.error().code != ENOENT)
        return Unexpected(std::move(runs).error());
    return {};
}

/// Each directory is watched before it is listed, so that what appears meanwhile is noticed as a change.
Result<std::unique_ptr<ListWatch::Watched>> ListWatch::watch_all() const
{
    auto watched = std::make_unique<Watched>(TRY(sys::Watcher::create()));
    for (const char* top : {paths::repositories, paths::runs}) {
        std::string directory = m_root.absolute(top);
        auto watch = watched->watcher.follow_all(directory);
        if (!watch && watch.error().code == ENOENT)
            watch = watched->watcher.follow_all(m_root.absolute(""));
        watched->places.insert(TRY(watch));
        for (const std::string& entry : sys::list_directory(m_root.fd(), top).value_or({})) {
            if (entry.starts_with('.') || entry.ends_with(".git"))
                continue;
            if (auto group = watched->watcher.follow_all(directory + "/" + entry))
                watched->places.insert(*group);
        }
    }
    for (const store::RepoName& name : TRY(store::list_repositories(m_root))) {
        if (m_stopping)
            break;
        TRY(watch_repository(*watched, name));
    }
    return watched;
}

void ListWatch::build()
{
    auto watched = watch_all();
    std::unique_lock lock(m_mutex);
    m_cannot = !watched && watched.error().kind == ErrorKind::system && watched.error().code != ENOENT;
    if (m_cannot)
        log("the list of repositories is made anew for each reader: {}", watched.error().message);
    m_watched = watched ? std::move(*watched) : nullptr;
    ++m_state;
    bool is_known = m_watched != nullptr;
    lock.unlock();
    if (is_known && m_on_known && !m_stopping)
        m_on_known();
    lock.lock();
    m_is_building = false;
    m_done.notify_all();
}

void ListWatch::await(int64_t patience)
{
    std::unique_lock lock(m_mutex);
    if (!m_watched)
        begin();
    m_done.wait_for(lock, std::chrono::nanoseconds(patience), [this] { return !m_is_building; });
}

/// REQUIRES: m_mutex.
void ListWatch::begin()
{
    if (m_is_building || m_cannot)
        return;
    if (m_builder.joinable())
        m_builder.join(); // the thread has ended
    m_is_building = true;
    m_builder = std::thread([this] { build(); });
}

std::optional<std::string> ListWatch::state()
{
    std::lock_guard lock(m_mutex);
    std::vector<int> changed = m_watched ? m_watched->watcher.changed() : std::vector<int>();
    m_state += !changed.empty();
    for (int watch : changed)
        if (watch == sys::Watcher::overflowed || m_watched->places.contains(watch)) {
            m_watched.reset();
            break;
        }
    if (!m_watched) {
        begin();
        return std::nullopt;
    }
    return std::to_string(m_state);
}

} // namespace quire::web
