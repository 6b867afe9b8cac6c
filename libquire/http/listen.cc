#include "http/listen.h"

#include "base/log.h"
#include "base/strings.h"
#include "sys/file.h"

namespace quire::http {

/// Everybody who can reach the socket may connect: its directory decides.
constexpr mode_t socket_mode = 0666;

/// Everybody who connects is believed, so a directory that everybody may enter would be a hole.
static Result<void> check_directory_of(const std::string& path)
{
    size_t slash = path.rfind('/');
    std::string directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    UniqueFd opened = TRY(sys::open_directory(AT_FDCWD, directory));
    auto status = TRY(sys::stat_at(opened.get(), "."));
    if (status && (status->st_mode & 007) != 0)
        return fail(ErrorKind::refused,
                    "everybody may enter {}, and whoever reaches the socket in it is believed: listen in a directory "
                    "that only the proxy's group may enter (mode 0750)",
                    directory);
    return {};
}

Result<UniqueFd> listen(const std::string& address)
{
    std::string_view rest = address;
    if (strip_prefix(rest, "unix:")) {
        TRY(check_directory_of(std::string(rest)));
        UniqueFd socket = TRY(sys::listen_unix(std::string(rest), socket_mode));
        log("listening on unix:{}", rest);
        return socket;
    }
    size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos)
        return fail(ErrorKind::usage, "'{}' is no address to listen on: it has no port, as in 127.0.0.1:8080", address);
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    auto port = parse_decimal(rest.substr(colon + 1));
    if (!port || *port > 65535)
        return fail(ErrorKind::usage, "'{}' is no port: it is a number up to 65535", rest.substr(colon + 1));
    UniqueFd socket = TRY(sys::listen_tcp(std::string(host), static_cast<uint16_t>(*port)));
    log("listening on {}:{}", rest.substr(0, colon), TRY(sys::bound_port(socket.get())));
    return socket;
}

} // namespace quire::http
