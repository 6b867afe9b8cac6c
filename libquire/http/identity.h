// Who is asking: the one place that decides whether a Remote-User header is believed.
//
// Without a proxy secret it is believed from a peer on loopback or on a Unix-domain socket. With one, only together
// with a header that carries it, whoever the peer is. (docs/architecture.md)
#pragma once

#include <string>
#include <string_view>

struct sockaddr;

namespace quire::http {

constexpr const char* user_header = "Remote-User";
constexpr const char* secret_header = "Quire-Proxy-Secret";

enum class Peer { local, remote };

/// Unix-domain peers, 127.0.0.0/8, ::1 and 127.0.0.0/8 mapped into IPv6 are local. A null address is remote.
Peer classify_peer(const sockaddr* address);

/// What a request's headers say of who sent it, and of where it believes to be.
struct Claims {
    std::string user, secret, host;
};

/// The user, or "" for an anonymous reader. Blank names are no names.
std::string trusted_user(Peer peer, std::string_view claimed_user, std::string_view given_secret,
                         std::string_view proxy_secret);

/// "127.0.0.1:8080", "localhost", "[::1]:8080": this machine and no other, whatever a name server says.
bool is_loopback_host(std::string_view host);

/// For a server that is one person's own, who reads it without a proxy: `reader` for who claims to be nobody, is on
/// this machine and asked for this machine. A stranger's page whose name was made to point here asks for that name.
std::string own_reader(Peer peer, const Claims& claims, std::string_view reader);

} // namespace quire::http
