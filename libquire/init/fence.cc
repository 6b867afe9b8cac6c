#include "init/fence.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/retry.h"

namespace quire::init {

namespace {

constexpr uint32_t fence_table = 71;
constexpr uint32_t name_server_priority = 50; // after the namespace's own addresses (0), before everything else
constexpr uint32_t fence_priority = 100;
constexpr uint16_t name_server_port = 53;

/// The protocols that a program can use without CAP_NET_RAW.
constexpr uint8_t protocols[] = {IPPROTO_TCP,  IPPROTO_UDP,  IPPROTO_ICMP,    IPPROTO_ICMPV6,
                                 IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_UDPLITE, 115 /* L2TP */};

/// Addresses that are neither the machine's nor the outside's: clouds offer data such as keys to their machines there.
constexpr const char* never_outside[] = {"169.254.0.0/16", "fe80::/10"};

} // namespace

std::optional<Fence> Fence::make(const std::vector<Prefix>& name_servers)
{
    auto socket = RouteSocket::open(false);
    if (!socket)
        return std::nullopt;
    for (const Prefix& server : name_servers)
        for (uint8_t protocol : {uint8_t{IPPROTO_TCP}, uint8_t{IPPROTO_UDP}})
            if (!socket->add_rule(server.family, name_server_priority, protocol, RT_TABLE_MAIN, &server,
                                  name_server_port))
                return std::nullopt;
    for (uint8_t family : {uint8_t{AF_INET}, uint8_t{AF_INET6}})
        for (uint8_t protocol : protocols)
            if (!socket->add_rule(family, fence_priority, protocol, fence_table, nullptr, 0) &&
                (family == AF_INET || errno != EAFNOSUPPORT))
                return std::nullopt;
    Fence fence(std::move(*socket));
    for (const char* text : never_outside)
        if (!fence.add(*parse_prefix(text)))
            return std::nullopt;
    return fence;
}

bool Fence::add(const Prefix& prefix)
{
    if (m_socket.add_unreachable(prefix, fence_table))
        return true;
    return prefix.family == AF_INET6 && (errno == EAFNOSUPPORT || errno == EOPNOTSUPP); // the machine has no IPv6
}

bool Fence::serve(int input, int output)
{
    std::vector<Prefix> servers;
    for (const std::string& server : name_servers_of(read_resolv_conf()))
        if (auto prefix = parse_prefix(server.c_str()))
            servers.push_back(*prefix);
    auto fence = make(servers);
    if (!fence)
        return false;
    for (;;) {
        Prefix prefix;
        size_t have = 0;
        while (have < sizeof prefix) {
            ssize_t got = sys::retry(
                [&] { return ::read(input, reinterpret_cast<char*>(&prefix) + have, sizeof prefix - have); });
            if (got <= 0)
                return got == 0;
            have += static_cast<size_t>(got);
        }
        if (prefix.family != 0 ? !fence->add(prefix) : ::write(output, "r", 1) != 1)
            return false;
    }
}

std::vector<std::string> name_servers_of(std::string_view resolv_conf)
{
    constexpr std::string_view key = "nameserver";
    constexpr std::string_view blanks = " \t\r";
    std::vector<std::string> servers;
    while (!resolv_conf.empty()) {
        std::string_view line = resolv_conf.substr(0, resolv_conf.find('\n'));
        resolv_conf.remove_prefix(std::min(resolv_conf.size(), line.size() + 1));
        if (!line.starts_with(key))
            continue;
        line.remove_prefix(key.size());
        size_t begin = line.find_first_not_of(blanks);
        if (begin == 0 || begin == std::string_view::npos)
            continue;
        line.remove_prefix(begin);
        servers.emplace_back(line.substr(0, line.find_first_of(blanks)));
    }
    return servers;
}

std::string read_resolv_conf()
{
    constexpr size_t most = 64u << 10;
    std::string text;
    UniqueFd fd(::open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC));
    char buffer[4096];
    while (fd && text.size() < most) {
        ssize_t got = sys::retry([&] { return ::read(fd.get(), buffer, sizeof buffer); });
        if (got <= 0)
            break;
        text.append(buffer, static_cast<size_t>(got));
    }
    return text;
}

} // namespace quire::init
