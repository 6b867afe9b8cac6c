// Fence keeps the network namespace that it is made in from what its machine answers for: the machine's addresses, the
// translator's aliases of them, link-local ones. Name servers are let through, on their port and no other.
//
// It takes rules, not packets: a routing table of its own, where such addresses can't be reached, asked before the
// usual one. A job can't remove them: it has no CAP_NET_ADMIN over the namespace, and it can't step around them without
// CAP_NET_RAW. Each IP protocol has its rule, so that the kernel's own look-ups (is this ARP request from a
// plausible address?) are as they were.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "init/routes.h"

namespace quire::init {

class Fence {
public:
    /// nullopt with errno: the rules can't be made.
    static std::optional<Fence> make(const std::vector<Prefix>& name_servers);
    bool add(const Prefix& prefix);

    /// In another process: makes a fence, then reads Prefixes from `input` and adds them until it ends. One
    /// of family 0 ends a batch: a byte on `output` says that it holds. False with errno.
    static bool serve(int input, int output);

private:
    explicit Fence(RouteSocket socket) : m_socket(std::move(socket)) {}
    RouteSocket m_socket;
};

/// The addresses of /etc/resolv.conf's `nameserver` lines.
std::vector<std::string> name_servers_of(std::string_view resolv_conf);
std::string read_resolv_conf();

} // namespace quire::init
