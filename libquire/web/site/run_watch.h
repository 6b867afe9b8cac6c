// RunWatch: tells the viewers of runs that something has changed there, through one inotify and one thread for all.
//
//   auto watch = site.run_watch().watch(directory_of_run, waker);   // first
//   ... read what there is ...                                 // then
//
// Only reads: whoever writes a run never waits for, and never hears of, who watches it. Changes are collected for a
// moment before anybody is woken, so a chatty job costs a viewer twenty looks a second at most, and many viewers fewer.
// Directories are watched once, however many look on. Safe to use from several threads.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "http/body.h"
#include "sys/inotify.h"
#include "sys/poller.h"

namespace quire::web {

class RunWatch {
public:
    RunWatch() = default;
    RunWatch(const RunWatch&) = delete;
    RunWatch& operator=(const RunWatch&) = delete;
    ~RunWatch();

    /// Ends the watching when it is destroyed; must not outlive the RunWatch.
    class Subscription {
    public:
        Subscription(RunWatch& watch, int descriptor, uint64_t id) : m_watch(&watch), m_descriptor(descriptor), m_id(id)
        {}
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;
        ~Subscription() { m_watch->end(m_descriptor, m_id); }

    private:
        RunWatch* m_watch;
        int m_descriptor;
        uint64_t m_id;
    };

    /// Null where the directory can't be watched: then the caller looks again by itself. `directory` is not needed any
    /// longer afterwards.
    std::unique_ptr<Subscription> watch(int directory, http::Waker waker);

private:
    using Viewers = std::map<uint64_t, http::Waker>;

    Result<void> start();
    void end(int descriptor, uint64_t id);
    void work();
    int64_t count_viewers();
    void wake_viewers(const std::vector<int>& changed);

    std::mutex m_mutex;
    std::optional<sys::Watcher> m_watcher;
    std::optional<sys::Poller> m_poller;
    std::map<int, Viewers> m_watched; ///< by what the kernel calls the watch: one for a directory
    std::thread m_thread;
    uint64_t m_next = 1;
    bool m_stopping = false;
};

} // namespace quire::web
