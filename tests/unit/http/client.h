// A server on a free port of loopback and a client that speaks bytes to it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "http/server.h"
#include "sys/socket.h"

namespace quire::http {

/// Polls until the condition holds; false after a minute.
template <class Condition>
bool eventually(Condition condition)
{
    int64_t deadline = monotonic_now() + 60 * nanoseconds_per_second;
    while (!condition()) {
        if (monotonic_now() > deadline)
            return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

class TestServer {
public:
    static Identity nobody(const Arrival&, const Claims&) { return {}; }

    explicit TestServer(Server::Handler handler, const ServerOptions& options = {},
                        const Server::Identify& identify = nobody)
    {
        std::vector<UniqueFd> sockets;
        sockets.push_back(sys::listen_tcp("127.0.0.1", 0).value());
        m_port = sys::bound_port(sockets[0].get()).value();
        m_server.emplace(Server::start(std::move(sockets), std::move(handler), identify, options).value());
    }
    uint16_t port() const { return m_port; }
    void stop() { m_server.reset(); }

private:
    uint16_t m_port = 0;
    std::optional<Server> m_server;
};

class Client {
public:
    explicit Client(uint16_t port, int receive_buffer = 0) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        if (receive_buffer > 0)
            ::setsockopt(m_socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(m_socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    void send(std::string_view text)
    {
        while (!text.empty()) {
            ssize_t sent = ::send(m_socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            text.remove_prefix(static_cast<size_t>(sent));
        }
    }
    void get(const std::string& path, const std::string& headers = "")
    {
        send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
    }
    /// One read, at most a minute; empty when the server has closed.
    std::string receive()
    {
        pollfd poll{m_socket.get(), POLLIN, 0};
        if (::poll(&poll, 1, 60000) != 1)
            return {};
        char buffer[65536];
        ssize_t got = ::recv(m_socket.get(), buffer, sizeof buffer, 0);
        return std::string(buffer, got > 0 ? static_cast<size_t>(got) : 0);
    }
    std::string receive_until(std::string_view end)
    {
        std::string all;
        while (all.find(end) == std::string::npos) {
            std::string more = receive();
            if (more.empty())
                break;
            all += more;
        }
        return all;
    }
    std::string receive_all()
    {
        std::string all;
        for (std::string more = receive(); !more.empty(); more = receive())
            all += more;
        return all;
    }
    /// Whether something, or the end, has come that nobody has received.
    bool has_news() const
    {
        pollfd poll{m_socket.get(), POLLIN, 0};
        return ::poll(&poll, 1, 0) == 1;
    }
    /// Says that nothing more will be sent.
    void end() { REQUIRE(::shutdown(m_socket.get(), SHUT_WR) == 0); }
    void close() { m_socket.reset(); }

private:
    UniqueFd m_socket;
};

/// The status line's code.
inline std::string status_of(const std::string& answer) { return answer.size() > 12 ? answer.substr(9, 3) : answer; }

/// The body of a chunked answer; ends with "<broken>" where the last chunk is missing.
inline std::string unchunk(const std::string& answer)
{
    size_t at = answer.find("\r\n\r\n");
    std::string body;
    while (at != std::string::npos) {
        size_t line = answer.find("\r\n", at += at == answer.find("\r\n\r\n") ? 4 : 2);
        if (line == std::string::npos)
            break;
        size_t size = std::stoul(answer.substr(at, line - at), nullptr, 16);
        if (size == 0)
            return body;
        body += answer.substr(line + 2, size);
        at = line + 2 + size < answer.size() ? line + 2 + size : std::string::npos;
    }
    return body + "<broken>";
}

} // namespace quire::http
