#include "http/identity.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "base/strings.h"

namespace quire::http {

Peer classify_peer(const sockaddr* address)
{
    if (!address)
        return Peer::remote;
    if (address->sa_family == AF_UNIX)
        return Peer::local;
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127 ? Peer::local : Peer::remote;
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127;
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || mapped ? Peer::local : Peer::remote;
    }
    return Peer::remote;
}

/// Takes as long for every wrong secret of the right length.
static bool is_same_secret(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned>(a[i] ^ b[i]) & 0xffu;
    return difference == 0;
}

std::string trusted_user(Peer peer, std::string_view claimed_user, std::string_view given_secret,
                         std::string_view proxy_secret)
{
    bool believed = proxy_secret.empty() ? peer == Peer::local : is_same_secret(given_secret, proxy_secret);
    return believed ? std::string(trim(claimed_user)) : std::string();
}

bool is_loopback_host(std::string_view host)
{
    size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && colon > 0 && (host[0] != '[' || host[colon - 1] == ']'))
        host = host.substr(0, colon);
    return host == "127.0.0.1" || host == "[::1]" || equal_ignoring_case(host, "localhost");
}

std::string own_reader(Peer peer, const Claims& claims, std::string_view reader)
{
    bool is_own =
        peer == Peer::local && trim(claims.user).empty() && claims.secret.empty() && is_loopback_host(claims.host);
    return is_own ? std::string(reader) : std::string();
}

} // namespace quire::http
