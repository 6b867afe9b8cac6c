// PushWatch: tells at once, from a thread of its own, that somebody has begun to push or a run is about to start.
//
// It watches the queue's directories with inotify, and the audit log: quire-exec writes a line there before it starts
// git, so a push over ssh is noticed when it begins, and costs nothing more for that. Commands other than pushes are
// noticed with them. A missed hint is harmless: whoever is told only makes way for a moment. If nothing can be watched,
// nothing is told.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "store/root.h"
#include "sys/inotify.h"
#include "sys/poller.h"

namespace quire::web {

class PushWatch {
public:
    /// `happened` is called on the thread, and must not wait.
    PushWatch(const store::Root& root, std::function<void()> happened);
    PushWatch(const PushWatch&) = delete;
    PushWatch& operator=(const PushWatch&) = delete;
    ~PushWatch();

private:
    Result<void> begin(const store::Root& root);
    void watch_audit();
    void work();

    std::string m_audit;
    bool m_watches_audit = false;
    std::function<void()> m_happened;
    std::optional<sys::Watcher> m_watcher;
    std::optional<sys::Poller> m_poller;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
};

} // namespace quire::web
