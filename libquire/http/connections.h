// Connections: keeps track of all connections and their readers, so that idle clients and followers can't keep others
// out. Several threads may use it.
//
// At the limit, a new connection takes the place of another one: the one that has been idle longest, else that of the
// anonymous reader whose request is oldest. So there is always room for a new one, and logged-in readers are never put
// out.
//
// Followers (readers of an answer that goes on: BodySource::is_live) hold a connection as long as they like. Their
// number is limited, more strictly for anonymous ones, and even more for those from one address.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/request.h"

namespace quire::http {

struct Exchange;

struct FollowerLimits {
    size_t everyone = 3000, anonymous = 2000, of_an_address = 100;
};

class Connections {
public:
    struct Connection {
        int socket = -1;
        enum class State { idle, anonymous, logged_in, leaving } state = State::idle;
        std::list<Connection>::iterator place;
        std::shared_ptr<Exchange> exchange; ///< its thread's own: the request that is read or answered
    };

    Connections(size_t most, const FollowerLimits& limits) : m_most(most), m_limits(limits) {}
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;

    /// May shut down another connection. The result is valid until it is closed.
    Connection* open(int socket);
    /// REQUIRES: its socket is still open.
    void close(Connection* connection);
    /// The head of a request has been read.
    void begin(Connection* connection, const Request& request);
    /// The answer has been sent, or the reader is gone.
    void end(Connection* connection);

    /// A place among the followers, which is free again when the object is destroyed.
    class FollowerPlace {
    public:
        FollowerPlace(Connections& connections, std::string address, bool is_anonymous)
            : m_connections(connections), m_address(std::move(address)), m_is_anonymous(is_anonymous)
        {}
        FollowerPlace(const FollowerPlace&) = delete;
        FollowerPlace& operator=(const FollowerPlace&) = delete;
        ~FollowerPlace() { m_connections.leave(m_address, m_is_anonymous); }

    private:
        Connections& m_connections;
        std::string m_address;
        bool m_is_anonymous;
    };
    /// Null if all places for this reader are taken.
    std::unique_ptr<FollowerPlace> follow(const Request& request);

private:
    using List = std::list<Connection>;

    List& list_of(Connection::State state);
    void move(Connection& connection, Connection::State state);
    void make_room();
    void leave(const std::string& address, bool is_anonymous);

    std::mutex m_mutex;
    size_t m_most;
    FollowerLimits m_limits;
    List m_idle, m_anonymous, m_logged_in, m_leaving; ///< each list begins with the oldest
    size_t m_followers = 0, m_anonymous_followers = 0;
    std::map<std::string, size_t> m_followers_of;
};

} // namespace quire::http
