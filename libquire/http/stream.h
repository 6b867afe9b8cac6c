// Stream: one streamed answer while libmicrohttpd holds its connection, and the Pump, which takes care of all streams.
// Private to http/.
//
// A stream runs on its connection's event thread. While its source has nothing, the connection is suspended. It may be
// woken from any thread, so its state has a mutex. After abandon() it never touches libmicrohttpd or the socket. The
// pump is one thread that waits for the sources' descriptors and times and for readers that hang up, and that shuts the
// connections of readers who do not take a block in time. Lock order: a stream's mutex, then the pump's.
#pragma once

#include <microhttpd.h>

#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "http/body.h"
#include "sys/poller.h"

namespace quire::http {

class Pump;

class Stream : public std::enable_shared_from_this<Stream> {
public:
    Stream(MHD_Connection* connection, int socket, std::shared_ptr<BodySource> source, Pump& pump)
        : m_connection(connection), m_socket(socket), m_source(std::move(source)), m_pump(pump)
    {}

    void start();
    /// libmicrohttpd's MHD_ContentReaderCallback.
    ssize_t pull(char* buffer, size_t size);
    void wake();
    /// Whether there is as much to pull as its source wants, or it doesn't wait.
    bool has_enough();
    /// The reader is gone, or the server stops: the next pull breaks the connection.
    void hang_up();
    /// libmicrohttpd has finished the connection's request.
    void abandon();
    /// Called once a second. Wakes the stream if its time has come, and shuts the connection if its reader has stalled.
    void check(int64_t now, int64_t patience);

    int socket() const { return m_socket; }
    uint64_t id() const { return m_id; }

private:
    friend class Pump;
    bool suspend(const Pull& pull);
    void resume();

    enum class State { sending, waiting, over };

    MHD_Connection* m_connection;
    int m_socket;
    std::shared_ptr<BodySource> m_source;
    Pump& m_pump;
    uint64_t m_id = 0;

    std::mutex m_mutex;
    State m_state = State::sending;
    bool m_woken = false;
    bool m_hung_up = false;
    int64_t m_until = 0; ///< while it waits: when to pull again; 0: at no fixed time
    int m_fd = -1;       ///< while it waits: for what, and for how much of it
    int m_enough = 1;
    int64_t m_handed_at = 0; ///< when the reader was given the block that it has not taken yet
};

class Pump {
public:
    explicit Pump(int64_t patience) : m_patience(patience) {}
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump() { stop(); }

    Result<void> start();
    /// Hangs up on all streams, including those that are added later.
    void stop();

    void add(const std::shared_ptr<Stream>& stream);
    void remove(const Stream& stream);
    Result<void> watch(const Stream& stream, int fd);

private:
    /// Streams whose sources have something, but not much yet, and when they are woken all the same.
    using Gathering = std::vector<std::pair<std::shared_ptr<Stream>, int64_t>>;

    void work();
    static void wake_ready(Gathering& gathering);
    void check_all();
    std::shared_ptr<Stream> find(uint64_t id);

    int64_t m_patience;
    std::optional<sys::Poller> m_poller;
    std::thread m_thread;
    std::mutex m_mutex;
    std::map<uint64_t, std::shared_ptr<Stream>> m_streams;
    uint64_t m_next = 1;
    bool m_stopping = false;
};

} // namespace quire::http
