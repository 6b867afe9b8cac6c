// Identity: the one place that decides whether a request really comes from the user it names.
//
// A proxy is believed if it came through a Unix-domain socket, whose directory decides who may connect; over TCP only
// with a header that has the proxy's secret. Loopback proves nothing, because every program on the machine can use it,
// even a pipeline's job. Without a proxy, an owner logs in with a link (login.h). See docs/decisions/0007.
#pragma once

#include <string>
#include <string_view>

#include "http/login.h"

struct sockaddr;

namespace quire::http {

constexpr const char* user_header = "Remote-User";
constexpr const char* secret_header = "Quire-Proxy-Secret";
constexpr const char* forwarded_header = "X-Forwarded-For";

/// The kind of socket and the address that a request came from. These are facts.
enum class Door { unix_socket, tcp };
struct Arrival {
    Door door = Door::tcp;
    std::string address; ///< see address_of
};

/// What a request's headers say. These are only claims.
struct Claims {
    std::string user, secret, forwarded, cookie, host;
};

struct Identity {
    std::string user;    ///< "": an anonymous reader
    std::string address; ///< the address whose limits this request counts against
    /// It came from this machine with the proxy's secret and without a user: it is a program of the operator's.
    bool is_operators_program = false;
};

/// The numeric address of a peer; for IPv6 its first 64 bits, which belong to one household or machine. "" for a peer
/// on a Unix-domain socket.
std::string address_of(const sockaddr* peer);

/// With an empty `proxy_secret`, no proxy is believed over TCP. A blank user name counts as none.
Identity identify(const Arrival& arrival, const Claims& claims, std::string_view proxy_secret, const Login& login);

/// "127.0.0.1:8080", "localhost", "[::1]:8080": only this machine, whatever a name server says.
bool is_loopback_host(std::string_view host);

} // namespace quire::http
