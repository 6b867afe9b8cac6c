#include "sys/syslog.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/log.h"
#include "base/unique_fd.h"

namespace quire::sys {

constexpr int authpriv_notice = 10 << 3 | 5;

void send_to_syslog(std::string_view text, const std::string& socket_path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path)
        return;
    std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size());
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    std::string line = fmt::format("<{}>{}[{}]: {}", authpriv_notice, program_name(), ::getpid(), visible(text));
    if (socket)
        (void)::sendto(socket.get(), line.data(), line.size(), MSG_NOSIGNAL,
                       reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

} // namespace quire::sys
