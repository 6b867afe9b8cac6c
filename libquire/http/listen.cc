#include "http/listen.h"

#include "base/log.h"
#include "base/strings.h"

namespace quire::http {

/// The proxy's group may connect, others may not.
constexpr mode_t socket_mode = 0660;

Result<UniqueFd> listen(const std::string& address)
{
    std::string_view rest = address;
    if (strip_prefix(rest, "unix:")) {
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
