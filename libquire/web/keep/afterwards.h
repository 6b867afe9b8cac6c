// Afterwards: what a page was not made to wait for, found out when it has been sent, for its next readers.
//
// One thread of low priority does one thing after the other; of what comes too fast some is not done. The work keeps
// what it finds in the caches. Safe to use from several threads.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/time.h"

namespace quire::web {

class Afterwards {
public:
    /// How long one piece of work may take.
    static constexpr int64_t patience = 2 * nanoseconds_per_second;

    Afterwards() = default;
    Afterwards(const Afterwards&) = delete;
    Afterwards& operator=(const Afterwards&) = delete;
    ~Afterwards();

    /// The key says what is found out: the same is not done twice in a row.
    void add(std::string key, std::function<void()> work);

private:
    struct Task {
        std::string key;
        std::function<void()> work;
    };
    void run();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_tasks; ///< the first is being done
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace quire::web
