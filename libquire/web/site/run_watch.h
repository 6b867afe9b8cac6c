// RunWatch: tells the viewers of runs that something has changed, through one inotify and one thread for all of them.
//
//   auto watch = site.run_watch().watch(directory_of_run, waker);   // first
//   ... read everything that is there ...                       // then
//
// It only reads: the writer of a run never waits for viewers and does not notice them. Changes are collected for a
// moment before anybody is woken, so a chatty job makes a viewer look at most twenty times a second, and less often if
// there are many viewers. Each directory is watched once, however many viewers it has. Several threads may use it.
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

    /// Stops watching when it is destroyed; must not outlive the RunWatch.
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

    /// Null if the directory can't be watched; the caller must then look again by itself. `directory` is not needed any
    /// more afterwards.
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
    std::map<int, Viewers> m_watched; ///< by the kernel's number for the watch; one for each directory
    std::thread m_thread;
    uint64_t m_next = 1;
    bool m_stopping = false;
};

} // namespace quire::web
