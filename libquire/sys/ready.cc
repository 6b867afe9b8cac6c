#include "sys/ready.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/log.h"
#include "base/strings.h"

namespace quire::sys {

constexpr const char* systemd_socket = "NOTIFY_SOCKET";
constexpr std::string_view systemd_word = "READY=1";

Result<Readiness> Readiness::take(const std::optional<std::string>& descriptor)
{
    Readiness readiness;
    if (!descriptor)
        return readiness;
    auto number = parse_decimal(*descriptor);
    bool is_above_standard = number && *number > STDERR_FILENO && *number <= 1000000;
    if (!is_above_standard)
        return fail(ErrorKind::usage, "--ready-fd '{}' is no descriptor's number: 3 or more", visible(*descriptor));
    int fd = static_cast<int>(*number);
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return fail(ErrorKind::usage, "--ready-fd {}: no descriptor of this number is open", fd);
    readiness.m_descriptor = UniqueFd(fd);
    return readiness;
}

/// A path, or behind "@" a name in the abstract namespace.
static void tell_systemd(std::string_view path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() < 2 || path.size() >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket)
        (void)::sendto(socket.get(), systemd_word.data(), systemd_word.size(), MSG_NOSIGNAL,
                       reinterpret_cast<const sockaddr*>(&address), length);
}

void Readiness::tell()
{
    if (m_descriptor)
        (void)!::write(m_descriptor.get(), "\n", 1);
    m_descriptor.reset();
    if (const char* socket = ::getenv(systemd_socket))
        tell_systemd(socket);
    (void)::unsetenv(systemd_socket);
}

} // namespace quire::sys
