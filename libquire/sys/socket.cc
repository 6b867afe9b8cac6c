#include "sys/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <utility>

#include "sys/file.h"
#include "sys/retry.h"

namespace quire::sys {

constexpr int backlog = 1024;

// The socket interface takes all kinds of address as a pointer to sockaddr.
template <class Address>
static const sockaddr* as_sockaddr(const Address& address)
{
    return reinterpret_cast<const sockaddr*>(&address);
}

template <class Address>
static Result<UniqueFd> bind_and_listen(int family, const Address& address, const std::string& name, mode_t mode)
{
    UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        return fail_errno("socket");
    int on = 1;
    if (family != AF_UNIX && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return fail_errno("setsockopt");
    if (::bind(fd.get(), as_sockaddr(address), sizeof address) != 0)
        return fail_errno(fmt::format("listen on {}", name));
    if (family == AF_UNIX && ::chmod(name.c_str(), mode) != 0)
        return fail_errno(fmt::format("chmod {}", name));
    if (::listen(fd.get(), backlog) != 0)
        return fail_errno(fmt::format("listen on {}", name));
    return fd;
}

Result<UniqueFd> listen_tcp(const std::string& host, uint16_t port)
{
    std::string name = fmt::format("{}, port {}", host, port);
    sockaddr_in v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        return bind_and_listen(AF_INET, v4, name, 0);
    }
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        return bind_and_listen(AF_INET6, v6, name, 0);
    }
    return fail(ErrorKind::usage, "'{}' is not a numeric address to listen on", host);
}

/// Whether somebody listens at the socket.
static bool is_alive(const sockaddr_un& address)
{
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return fd && (::connect(fd.get(), as_sockaddr(address), sizeof address) == 0 || errno != ECONNREFUSED);
}

Result<UniqueFd> listen_unix(const std::string& path, mode_t mode)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(ErrorKind::usage, "a socket's path has 1 to {} bytes: '{}'", sizeof address.sun_path - 1, path);
    std::memcpy(address.sun_path, path.data(), path.size());
    auto status = TRY(stat_at(AT_FDCWD, path));
    if (status && !S_ISSOCK(status->st_mode))
        return fail(ErrorKind::exists, "{} is there and not a socket", path);
    if (status && is_alive(address))
        return fail(ErrorKind::busy, "somebody listens on {} already", path);
    if (status)
        TRY(unlink_at(AT_FDCWD, path));
    return bind_and_listen(AF_UNIX, address, path, mode);
}

Result<uint16_t> bound_port(int socket)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return fail_errno("getsockname");
    if (address.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
}

Result<bool> is_unix_socket(int socket)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return fail_errno("getsockname");
    return address.ss_family == AF_UNIX;
}

bool has_hung_up(int socket)
{
    pollfd wanted{socket, POLLRDHUP, 0};
    int ready = retry([&] { return ::poll(&wanted, 1, 0); });
    return ready > 0 && (wanted.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void shut_down(int socket) { ::shutdown(socket, SHUT_RDWR); }

static sigset_t set_of(std::initializer_list<int> signals)
{
    sigset_t set;
    sigemptyset(&set);
    for (int number : signals)
        sigaddset(&set, number);
    return set;
}

Result<void> block_signals(std::initializer_list<int> signals)
{
    sigset_t set = set_of(signals);
    if (int code = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); code != 0)
        return fail_errno("pthread_sigmask", code);
    return {};
}

Result<int> wait_for_signal(std::initializer_list<int> signals, int64_t time)
{
    sigset_t set = set_of(signals);
    timespec most{time / nanoseconds_per_second, time % nanoseconds_per_second};
    int number = retry([&] { return ::sigtimedwait(&set, nullptr, &most); });
    if (number < 0 && errno == EAGAIN)
        return 0;
    if (number < 0)
        return fail_errno("sigtimedwait");
    return number;
}

size_t raise_file_limit()
{
    constexpr size_t unknown = 1024;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return unknown;
    rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
    return static_cast<size_t>(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before);
}

} // namespace quire::sys
