// Turns: one thread at a time makes what has a key; who comes meanwhile waits for it instead of making it, too.
//
// Who has waited looks whether it is there now. If it is not, because it was partial for example, all who waited make
// it for themselves, so nobody waits twice. Several threads may use it; none of them an event thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/patience.h"

namespace quire::web {

class Turns {
public:
    /// The turn is over when this is destroyed.
    class Turn {
    public:
        Turn(Turn&& other) noexcept : m_turns(std::exchange(other.m_turns, nullptr)), m_key(std::move(other.m_key)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn()
        {
            if (m_turns)
                m_turns->end(m_key);
        }

    private:
        friend class Turns;
        Turn(Turns* turns, std::string key) : m_turns(turns), m_key(std::move(key)) {}
        Turns* m_turns; ///< null: moved from
        std::string m_key;
    };

    /// nullopt: another thread had the turn, and that is over, or the patience is.
    std::optional<Turn> take(const std::string& key, const Patience& patience)
    {
        std::unique_lock lock(m_mutex);
        if (m_taken.insert(key).second)
            return Turn(this, key);
        ++m_waiting;
        while (m_taken.contains(key)) {
            m_ended.wait_for(lock, between_looks);
            lock.unlock(); // is_over() may stand still
            bool is_over = patience.is_over();
            lock.lock();
            if (is_over)
                break;
        }
        --m_waiting;
        return std::nullopt;
    }

    /// How many threads wait for another's turn to end.
    size_t waiting()
    {
        std::lock_guard lock(m_mutex);
        return m_waiting;
    }

private:
    void end(const std::string& key)
    {
        {
            std::lock_guard lock(m_mutex);
            m_taken.erase(key);
        }
        m_ended.notify_all();
    }

    static constexpr std::chrono::milliseconds between_looks{20};
    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::set<std::string> m_taken;
    size_t m_waiting = 0;
};

} // namespace quire::web
