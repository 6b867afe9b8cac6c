// ListWatch: tells from one read of an inotify whether the list of repositories may have changed.
//
// Listing a thousand repositories takes some ten milliseconds, and so does checking whether the list is still true. So
// inotify is used: the state changes whenever anything happens to a repository's settings, its push log or its runs.
// The state is unknown at first, and after repositories appear or disappear, until a thread has looked at them all. The
// thread then lets its owner do what should be done before somebody asks.
// The kernel queues events before the call that caused them returns, so no change is missed. Several threads may use
// it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "store/root.h"
#include "sys/inotify.h"

namespace quire::web {

class ListWatch {
public:
    /// `on_known` is called by the thread whenever the state has become known; it may ask for it.
    explicit ListWatch(const store::Root& root, std::function<void()> on_known = {})
        : m_root(root), m_on_known(std::move(on_known))
    {}
    ListWatch(const ListWatch&) = delete;
    ListWatch& operator=(const ListWatch&) = delete;
    ~ListWatch();

    /// nullopt: unknown, so what is made now must not be cached.
    std::optional<std::string> state();
    /// Begins to watch, and waits for at most that many nanoseconds until the thread is done.
    void await(int64_t patience);
    /// `on_known` should come to an end.
    bool is_stopping() const { return m_stopping; }

private:
    /// Everything that is watched at a time.
    struct Watched {
        explicit Watched(sys::Watcher made) : watcher(std::move(made)) {}
        sys::Watcher watcher;
        std::set<int> places; ///< where repositories appear and disappear
    };

    Result<std::unique_ptr<Watched>> watch_all() const;
    Result<void> watch_repository(Watched& watched, const store::RepoName& name) const;
    void begin();
    void build();

    const store::Root& m_root;
    const std::function<void()> m_on_known;
    std::mutex m_mutex;
    std::condition_variable m_done;     ///< the thread is
    std::unique_ptr<Watched> m_watched; ///< null: the state is unknown
    std::thread m_builder;
    bool m_is_building = false;
    bool m_cannot = false; ///< the kernel does not let us watch any more
    std::atomic<bool> m_stopping = false;
    uint64_t m_state = 0;
};

} // namespace quire::web
