// Afterwards: computes, after a page has been sent, what the page did not wait for, so that its next readers have it.
//
// One thread, which works only when the machine is idle, does one piece of work after the other; if too much arrives,
// some is dropped. The work stores its results in the caches. It makes way for what is more important. Several threads
// may use it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/time.h"
#include "base/way.h"

namespace quire::web {

class Afterwards {
public:
    /// How long a piece of work may take.
    static constexpr int64_t patience = 2 * nanoseconds_per_second;

    explicit Afterwards(std::shared_ptr<Way> way) : m_way(std::move(way)) {}
    Afterwards(const Afterwards&) = delete;
    Afterwards& operator=(const Afterwards&) = delete;
    /// Closes the way.
    ~Afterwards();

    /// The key names the work, so that the same work is not queued twice.
    void add(std::string key, std::function<void()> work);

private:
    struct Task {
        std::string key;
        std::function<void()> work;
    };
    void run();

    const std::shared_ptr<Way> m_way;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_tasks; ///< the first one is being worked on
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace quire::web
