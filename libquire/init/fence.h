// Fence keeps processes in its network namespace from the addresses that the machine answers for: its own, the
// translator's aliases for them, and link-local ones. Name servers may be reached, but only on their port.
//
// It uses routing rules, not packet filters: they look first into a table of its own, in which such addresses are
// unreachable. A job can't remove the rules, since it lacks CAP_NET_ADMIN over the namespace, nor avoid them without
// CAP_NET_RAW. There is one rule per IP protocol, so that the kernel's own lookups (is this ARP request from a
// plausible address?) work as before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "init/routes.h"

namespace quire::init {

class Fence {
public:
    /// nullopt, with errno set, if the rules can't be made.
    static std::optional<Fence> make(const std::vector<Prefix>& name_servers);
    bool add(const Prefix& prefix);

    /// For another process: makes a fence, then adds the Prefixes that it reads from `input` until that ends. A Prefix
    /// of family 0 ends a batch, which is confirmed with a byte on `output`. Returns false with errno set on failure.
    static bool serve(int input, int output);

private:
    explicit Fence(RouteSocket socket) : m_socket(std::move(socket)) {}
    RouteSocket m_socket;
};

/// The addresses in the `nameserver` lines of a resolv.conf.
std::vector<std::string> name_servers_of(std::string_view resolv_conf);
std::string read_resolv_conf();

} // namespace quire::init
