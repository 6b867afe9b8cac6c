#include "http/connections.h"

#include "sys/socket.h"

namespace quire::http {

using State = Connections::Connection::State;

Connections::List& Connections::list_of(State state)
{
    switch (state) {
    case State::idle:
        return m_idle;
    case State::anonymous:
        return m_anonymous;
    case State::logged_in:
        return m_logged_in;
    case State::leaving:
        break;
    }
    return m_leaving;
}

/// Makes it the youngest in its new list. REQUIRES: the mutex is held.
void Connections::move(Connection& connection, State state)
{
    if (connection.state == State::leaving)
        return;
    List& to = list_of(state);
    to.splice(to.end(), list_of(connection.state), connection.place);
    connection.state = state;
}

/// Connections that are leaving don't count. REQUIRES: the mutex is held.
void Connections::make_room()
{
    if (m_idle.size() + m_anonymous.size() + m_logged_in.size() < m_most)
        return;
    List& from = m_idle.empty() ? m_anonymous : m_idle;
    if (from.empty())
        return;
    Connection& oldest = from.front();
    sys::shut_down(oldest.socket);
    move(oldest, State::leaving);
}

Connections::Connection* Connections::open(int socket)
{
    std::lock_guard lock(m_mutex);
    make_room();
    Connection& connection = m_idle.emplace_back();
    connection.socket = socket;
    connection.place = std::prev(m_idle.end());
    return &connection;
}

void Connections::close(Connection* connection)
{
    std::lock_guard lock(m_mutex);
    list_of(connection->state).erase(connection->place);
}

void Connections::begin(Connection* connection, const Request& request)
{
    std::lock_guard lock(m_mutex);
    move(*connection, request.is_authenticated() ? State::logged_in : State::anonymous);
}

void Connections::end(Connection* connection)
{
    std::lock_guard lock(m_mutex);
    move(*connection, State::idle);
}

std::unique_ptr<Connections::FollowerPlace> Connections::follow(const Request& request)
{
    bool is_anonymous = !request.is_authenticated();
    std::lock_guard lock(m_mutex);
    if (m_followers >= m_limits.everyone)
        return nullptr;
    if (is_anonymous) {
        auto known = m_followers_of.find(request.address);
        if (m_anonymous_followers >= m_limits.anonymous ||
            (known != m_followers_of.end() && known->second >= m_limits.of_an_address))
            return nullptr;
        ++m_followers_of[request.address];
        ++m_anonymous_followers;
    }
    ++m_followers;
    return std::make_unique<FollowerPlace>(*this, request.address, is_anonymous);
}

void Connections::leave(const std::string& address, bool is_anonymous)
{
    std::lock_guard lock(m_mutex);
    --m_followers;
    if (!is_anonymous)
        return;
    --m_anonymous_followers;
    auto known = m_followers_of.find(address);
    if (known != m_followers_of.end() && --known->second == 0)
        m_followers_of.erase(known);
}

} // namespace quire::http
