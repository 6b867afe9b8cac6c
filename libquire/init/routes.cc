#include "init/routes.h"

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "sys/retry.h"

namespace quire::init {

namespace {

constexpr size_t reply_size = 64u << 10;

template <class Body>
std::string start_message(uint16_t type, uint16_t flags, const Body& body)
{
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    std::string message(reinterpret_cast<const char*>(&header), sizeof header);
    message.append(reinterpret_cast<const char*>(&body), sizeof body);
    message.resize(NLMSG_ALIGN(message.size()));
    return message;
}

void add_attribute(std::string& message, uint16_t type, const void* data, size_t size)
{
    rtattr attribute{};
    attribute.rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
    attribute.rta_type = type;
    message.append(reinterpret_cast<const char*>(&attribute), sizeof attribute);
    message.append(static_cast<const char*>(data), size);
    message.resize(NLMSG_ALIGN(message.size()));
}

template <class Body>
Body* body_of(nlmsghdr* header)
{
    return reinterpret_cast<Body*>(reinterpret_cast<char*>(header) + NLMSG_HDRLEN);
}

size_t address_size(uint8_t family) { return family == AF_INET ? 4 : 16; }

/// The destination of a route that ends at this machine; nullopt for all other routes.
std::optional<Prefix> own_destination(nlmsghdr* header)
{
    if (header->nlmsg_type != RTM_NEWROUTE || header->nlmsg_len < NLMSG_LENGTH(sizeof(rtmsg)))
        return std::nullopt;
    auto* route = body_of<rtmsg>(header);
    bool is_own = route->rtm_type == RTN_LOCAL || route->rtm_type == RTN_BROADCAST || route->rtm_type == RTN_ANYCAST;
    if (!is_own || (route->rtm_family != AF_INET && route->rtm_family != AF_INET6))
        return std::nullopt;
    Prefix prefix{route->rtm_family, route->rtm_dst_len, {}};
    auto left = static_cast<int>(RTM_PAYLOAD(header));
    for (auto* attribute = RTM_RTA(route); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if (attribute->rta_type == RTA_DST && RTA_PAYLOAD(attribute) >= address_size(prefix.family))
            std::memcpy(prefix.bytes, RTA_DATA(attribute), address_size(prefix.family));
    return prefix;
}

} // namespace

std::optional<Prefix> parse_prefix(const char* text)
{
    Prefix prefix;
    const char* slash = std::strchr(text, '/');
    std::string address(text, slash ? static_cast<size_t>(slash - text) : std::strlen(text));
    prefix.family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (::inet_pton(prefix.family, address.c_str(), prefix.bytes) != 1)
        return std::nullopt;
    auto bits = static_cast<long>(8 * address_size(prefix.family));
    char* end = nullptr;
    long length = slash ? std::strtol(slash + 1, &end, 10) : bits;
    if (length < 0 || length > bits || (slash && (end == slash + 1 || *end)))
        return std::nullopt;
    prefix.length = static_cast<uint8_t>(length);
    return prefix;
}

std::optional<RouteSocket> RouteSocket::open(bool follow)
{
    UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = follow ? RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE : 0;
    if (!fd || ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0)
        return std::nullopt;
    return RouteSocket(std::move(fd));
}

bool RouteSocket::read_own(std::vector<Prefix>& prefixes)
{
    rtmsg all{};
    std::string message = start_message(RTM_GETROUTE, NLM_F_DUMP, all);
    auto* request = reinterpret_cast<nlmsghdr*>(message.data());
    request->nlmsg_len = static_cast<uint32_t>(message.size());
    request->nlmsg_seq = ++m_sequence;
    if (::send(m_fd.get(), message.data(), message.size(), 0) < 0)
        return false;
    std::vector<char> buffer(reply_size);
    for (;;) {
        ssize_t got = sys::retry([&] { return ::recv(m_fd.get(), buffer.data(), buffer.size(), 0); });
        if (got < 0 && errno == ENOBUFS) // changes were dropped, but the dump goes on
            continue;
        if (got < 0)
            return false;
        auto left = static_cast<uint32_t>(got);
        for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (auto prefix = own_destination(header))
                prefixes.push_back(*prefix);
            bool is_answer = header->nlmsg_seq == m_sequence;
            if (is_answer && header->nlmsg_type == NLMSG_DONE)
                return true;
            if (is_answer && header->nlmsg_type == NLMSG_ERROR) {
                errno = -body_of<nlmsgerr>(header)->error;
                return false;
            }
        }
    }
}

bool RouteSocket::read_changes(std::vector<Prefix>& prefixes)
{
    std::vector<char> buffer(reply_size);
    ssize_t got = sys::retry([&] { return ::recv(m_fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT); });
    if (got < 0)
        return errno == EAGAIN;
    auto left = static_cast<uint32_t>(got);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left))
        if (auto prefix = own_destination(header))
            prefixes.push_back(*prefix);
    return true;
}

bool RouteSocket::request(std::string& message)
{
    auto* request = reinterpret_cast<nlmsghdr*>(message.data());
    request->nlmsg_len = static_cast<uint32_t>(message.size());
    request->nlmsg_seq = ++m_sequence;
    if (::send(m_fd.get(), message.data(), message.size(), 0) < 0)
        return false;
    alignas(nlmsghdr) char buffer[4096];
    ssize_t got = sys::retry([&] { return ::recv(m_fd.get(), buffer, sizeof buffer, 0); });
    auto* header = reinterpret_cast<nlmsghdr*>(buffer);
    if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr))) || header->nlmsg_type != NLMSG_ERROR)
        return false;
    errno = -body_of<nlmsgerr>(header)->error;
    return errno == 0 || errno == EEXIST;
}

bool RouteSocket::add_rule(uint8_t family, uint32_t priority, uint8_t protocol, uint32_t table, const Prefix* to,
                           uint16_t port)
{
    fib_rule_hdr rule{};
    rule.family = family;
    rule.action = FR_ACT_TO_TBL;
    rule.dst_len = to ? to->length : uint8_t{0};
    std::string message = start_message(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, rule);
    add_attribute(message, FRA_PRIORITY, &priority, sizeof priority);
    add_attribute(message, FRA_TABLE, &table, sizeof table);
    add_attribute(message, FRA_IP_PROTO, &protocol, sizeof protocol);
    if (to)
        add_attribute(message, FRA_DST, to->bytes, address_size(family));
    fib_rule_port_range ports{port, port};
    if (port != 0)
        add_attribute(message, FRA_DPORT_RANGE, &ports, sizeof ports);
    return request(message);
}

bool RouteSocket::add_address(const char* interface, const Prefix& address, uint8_t network_bits)
{
    ifaddrmsg body{};
    body.ifa_family = address.family;
    body.ifa_prefixlen = network_bits;
    body.ifa_flags = IFA_F_NODAD;
    body.ifa_index = ::if_nametoindex(interface);
    std::string message = start_message(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, body);
    add_attribute(message, IFA_LOCAL, address.bytes, address_size(address.family));
    add_attribute(message, IFA_ADDRESS, address.bytes, address_size(address.family));
    return request(message);
}

bool RouteSocket::add_default_route(const char* interface, const Prefix& gateway)
{
    rtmsg route{};
    route.rtm_family = gateway.family;
    route.rtm_table = RT_TABLE_MAIN;
    route.rtm_protocol = RTPROT_STATIC;
    route.rtm_type = RTN_UNICAST;
    std::string message = start_message(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE, route);
    uint32_t index = ::if_nametoindex(interface);
    add_attribute(message, RTA_GATEWAY, gateway.bytes, address_size(gateway.family));
    add_attribute(message, RTA_OIF, &index, sizeof index);
    return request(message);
}

bool RouteSocket::add_unreachable(const Prefix& to, uint32_t table)
{
    rtmsg route{};
    route.rtm_family = to.family;
    route.rtm_dst_len = to.length;
    route.rtm_protocol = RTPROT_STATIC;
    route.rtm_type = RTN_UNREACHABLE;
    std::string message = start_message(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, route);
    add_attribute(message, RTA_TABLE, &table, sizeof table);
    add_attribute(message, RTA_DST, to.bytes, address_size(to.family));
    return request(message);
}

} // namespace quire::init
