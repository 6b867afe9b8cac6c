// Who is asking: the one place that decides whether a request is from whom it says.
//
// A proxy is believed when it came through a Unix-domain socket, whose directory decides who may connect, and over TCP
// only with a header that carries the proxy's secret. Loopback proves nothing: every program of the machine reaches
// it, a job of a pipeline too. Where no proxy stands, an owner logs in with a link (login.h). docs/decisions/0007.
#pragma once

#include <string>
#include <string_view>

#include "http/login.h"

struct sockaddr;

namespace quire::http {

constexpr const char* user_header = "Remote-User";
constexpr const char* secret_header = "Quire-Proxy-Secret";
constexpr const char* forwarded_header = "X-Forwarded-For";

/// Which listening socket a request came through, and from where: facts.
enum class Door { unix_socket, tcp };
struct Arrival {
    Door door = Door::tcp;
    std::string address; ///< see address_of
};

/// What a request's headers say: claims.
struct Claims {
    std::string user, secret, forwarded, cookie, host;
};

struct Identity {
    std::string user;    ///< "": an anonymous reader
    std::string address; ///< whose share of the server this request uses
    /// It came from this machine with the proxy's secret, and for nobody else: a program of the operator's.
    bool is_operators_program = false;
};

/// The numeric address of a peer; for IPv6 its first 64 bits, which one household or machine has for itself. "" for a
/// Unix-domain peer.
std::string address_of(const sockaddr* peer);

/// `proxy_secret`: "" means that no proxy is believed over TCP. Blank names are no names.
Identity identify(const Arrival& arrival, const Claims& claims, std::string_view proxy_secret, const Login& login);

/// "127.0.0.1:8080", "localhost", "[::1]:8080": this machine and no other, whatever a name server says.
bool is_loopback_host(std::string_view host);

} // namespace quire::http
