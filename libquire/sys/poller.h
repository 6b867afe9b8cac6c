// Poller: epoll with keys, for a thread that waits for thousands of descriptors of which few ever have news.
//
// Any thread may add, remove and interrupt while one thread waits. It owns no descriptor; one that is closed leaves by
// itself, and its key may still come once more. (Loop is for a program with a few descriptors and callbacks.)
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Poller {
public:
    enum class Event {
        readable_once, ///< told once, then the descriptor is out
        hung_up,       ///< the peer has closed its side: told once, the descriptor stays
    };

    static Result<Poller> create();

    Result<void> add(int fd, Event event, uint64_t key);
    void remove(int fd);
    /// Makes wait return.
    void interrupt();
    /// The keys that have news; at most `limit` nanoseconds (-1: without end).
    Result<std::vector<uint64_t>> wait(int64_t limit);

private:
    Poller(UniqueFd epoll, UniqueFd wake) : m_epoll(std::move(epoll)), m_wake(std::move(wake)) {}
    UniqueFd m_epoll, m_wake;
};

} // namespace quire::sys
