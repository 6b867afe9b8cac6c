// Who is asking: the one place that decides whether a Remote-User header is believed.
//
// Without a proxy secret it is believed from a peer on loopback or on a Unix-domain socket. With one, only together
// with a header that carries it, whoever the peer is. (DESIGN 4)
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

/// The user, or "" for an anonymous reader. Blank names are no names.
std::string trusted_user(Peer peer, std::string_view claimed_user, std::string_view given_secret,
                         std::string_view proxy_secret);

} // namespace quire::http
