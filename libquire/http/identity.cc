#include "http/identity.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "base/strings.h"

namespace quire::http {

static std::string text_of(const in_addr& address)
{
    char text[INET_ADDRSTRLEN];
    return ::inet_ntop(AF_INET, &address, text, sizeof text) ? text : std::string();
}

static std::string text_of(in6_addr address)
{
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        in_addr v4{};
        std::memcpy(&v4, address.s6_addr + 12, sizeof v4);
        return text_of(v4);
    }
    constexpr size_t network_bytes = 8;
    std::memset(address.s6_addr + network_bytes, 0, sizeof address.s6_addr - network_bytes);
    char text[INET6_ADDRSTRLEN];
    return ::inet_ntop(AF_INET6, &address, text, sizeof text) ? text : std::string();
}

std::string address_of(const sockaddr* peer)
{
    if (peer && peer->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, peer, sizeof v4);
        return text_of(v4.sin_addr);
    }
    if (peer && peer->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, peer, sizeof v6);
        return text_of(v6.sin6_addr);
    }
    return {};
}

/// The last address in the list is the one that the proxy saw; the client may have made up those before it.
static std::string forwarded_address(std::string_view list)
{
    std::string last(trim(list.substr(list.rfind(',') + 1)));
    in_addr v4{};
    in6_addr v6{};
    if (::inet_pton(AF_INET, last.c_str(), &v4) == 1)
        return text_of(v4);
    if (::inet_pton(AF_INET6, last.c_str(), &v6) == 1)
        return text_of(v6);
    return {};
}

bool is_loopback_host(std::string_view host)
{
    size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && colon > 0 && (host[0] != '[' || host[colon - 1] == ']'))
        host = host.substr(0, colon);
    return host == "127.0.0.1" || host == "[::1]" || equal_ignoring_case(host, "localhost");
}

Identity identify(const Arrival& arrival, const Claims& claims, std::string_view proxy_secret, const Login& login)
{
    bool is_proxy =
        arrival.door == Door::unix_socket || (!proxy_secret.empty() && is_same_secret(claims.secret, proxy_secret));
    if (!is_proxy) {
        // A stranger's page that reaches us under a name of its own has another Host.
        bool may_log_in = is_loopback_host(claims.host);
        return {may_log_in ? login.user_of(claims.cookie) : std::string(), arrival.address};
    }
    std::string client = forwarded_address(claims.forwarded);
    bool is_here = arrival.door == Door::tcp && (arrival.address.starts_with("127.") || arrival.address == "::");
    return {std::string(trim(claims.user)), client.empty() ? arrival.address : client,
            is_here && claims.forwarded.empty()};
}

} // namespace quire::http
