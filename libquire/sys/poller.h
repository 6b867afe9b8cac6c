// Poller: epoll with keys, for a thread that waits for thousands of descriptors of which few are ever active.
//
// While one thread waits, any thread may add, remove and interrupt. It owns no descriptors. A closed descriptor is
// removed by itself, but its key may come once more. (Loop is for programs with few descriptors and with callbacks.)
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Poller {
public:
    enum class Event {
        readable_once, ///< reported once; the descriptor is then removed
        hung_up,       ///< the peer closed its side: reported once, the descriptor stays
    };

    static Result<Poller> create();

    Result<void> add(int fd, Event event, uint64_t key);
    void remove(int fd);
    /// Makes wait() return.
    void interrupt();
    /// The keys of active descriptors. Waits at most `limit` nanoseconds (-1: without limit).
    Result<std::vector<uint64_t>> wait(int64_t limit);

private:
    Poller(UniqueFd epoll, UniqueFd wake) : m_epoll(std::move(epoll)), m_wake(std::move(wake)) {}
    UniqueFd m_epoll, m_wake;
};

/// How many bytes can be read from a pipe or socket at once; many, if that can't be told.
int readable_bytes(int fd);

} // namespace quire::sys
