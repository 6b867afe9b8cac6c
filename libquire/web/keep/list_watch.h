// ListWatch: whether the list of repositories may have changed, known from one read of an inotify.
//
// A thousand repositories can be listed in some ten milliseconds, and asked whether that is still true in as many. So
// the kernel is asked to tell: the state is another one after anything has happened to a repository's settings, its
// push log or its runs, and unknown while it can't be: at first, and when repositories come and go, for as long as a
// thread takes to look at them all. Events are queued before the call that caused them returns, so that no change is
// missed. Safe to use from several threads.
#pragma once

#include <atomic>
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
    explicit ListWatch(const store::Root& root) : m_root(root) {}
    ListWatch(const ListWatch&) = delete;
    ListWatch& operator=(const ListWatch&) = delete;
    ~ListWatch();

    /// nullopt: not known; what is made now must not be kept.
    std::optional<std::string> state();

private:
    /// Everything watched at one time.
    struct Watched {
        explicit Watched(sys::Watcher made) : watcher(std::move(made)) {}
        sys::Watcher watcher;
        std::set<int> places; ///< where repositories come and go
    };

    Result<std::unique_ptr<Watched>> watch_all() const;
    Result<void> watch_repository(Watched& watched, const store::RepoName& name) const;
    void begin();
    void build();

    const store::Root& m_root;
    std::mutex m_mutex;
    std::unique_ptr<Watched> m_watched; ///< null: not known
    std::thread m_builder;
    bool m_is_building = false;
    bool m_cannot = false; ///< the kernel watches no more for us
    std::atomic<bool> m_stopping = false;
    uint64_t m_state = 0;
};

} // namespace quire::web
