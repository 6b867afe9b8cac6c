#include "web/site/push_watch.h"

#include "base/log.h"

namespace quire::web {

namespace paths = store::paths;

PushWatch::PushWatch(const store::Root& root, std::function<void()> happened)
    : m_audit(root.path() + "/" + paths::audit), m_happened(std::move(happened))
{
    if (auto begun = begin(root); !begun)
        log("{}; pages for anonymous readers make no way for pushes", begun.error().message);
}

PushWatch::~PushWatch()
{
    m_stopping = true;
    if (!m_thread.joinable())
        return;
    m_poller->interrupt();
    m_thread.join();
}

/// An intent appears before the refs move, an entry among the new when the run is recorded, and among the active when
/// the runner has claimed it.
Result<void> PushWatch::begin(const store::Root& root)
{
    sys::Watcher watcher = TRY(sys::Watcher::create());
    for (const char* directory : {paths::queue_intent, paths::queue_new, paths::queue_active})
        TRY(watcher.watch_directory(root.path() + "/" + directory));
    m_poller.emplace(TRY(sys::Poller::create()));
    m_watcher.emplace(std::move(watcher));
    watch_audit();
    m_thread = std::thread([this] { work(); });
    return {};
}

/// The directory may not be there yet: the first command over ssh makes it.
void PushWatch::watch_audit() { m_watches_audit = m_watches_audit || m_watcher->watch_changes(m_audit); }

void PushWatch::work()
{
    constexpr int64_t for_ever = -1;
    while (!m_stopping) {
        auto watched = m_poller->add(m_watcher->fd(), sys::Poller::Event::readable_once, 0);
        auto keys = watched ? m_poller->wait(for_ever) : Unexpected(std::move(watched).error());
        if (!keys)
            return log_line(keys.error().message);
        if (keys->empty() || m_stopping)
            continue;
        m_watcher->drain();
        m_happened();
        watch_audit();
    }
}

} // namespace quire::web
