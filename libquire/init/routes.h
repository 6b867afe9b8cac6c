// Asks the kernel about routes (rtnetlink(7)): which addresses a machine answers for, and rules that make them
// unreachable from a network namespace.
//
// A socket belongs to the network namespace in which it was opened. Every call waits for the kernel's answer and on
// failure sets errno.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace quire::init {

/// A range of addresses. It is plain bytes, because it also travels through pipes.
struct Prefix {
    uint8_t family = 0; ///< AF_INET or AF_INET6
    uint8_t length = 0; ///< bits
    uint8_t bytes[16] = {};
};

/// Parses "192.0.2.0/24" or "fd00::1"; nullopt for anything else.
std::optional<Prefix> parse_prefix(const char* text);

class RouteSocket {
public:
    /// With `follow`, changes to routes are reported: poll fd(), then call read_changes().
    static std::optional<RouteSocket> open(bool follow);

    int fd() const { return m_fd.get(); }

    /// Reads all addresses and ranges that this network namespace answers for itself.
    bool read_own(std::vector<Prefix>& prefixes);
    /// Reads those that were added since. false: the kernel dropped some, so call read_own() again.
    bool read_changes(std::vector<Prefix>& prefixes);

    /// Makes traffic of an IP protocol use a table. `to` and `port`, if given, restrict it to a destination.
    bool add_rule(uint8_t family, uint32_t priority, uint8_t protocol, uint32_t table, const Prefix* to, uint16_t port);
    /// Adds an address to an interface, without asking whether others use it (DAD); its network has that many bits.
    bool add_address(const char* interface, const Prefix& address, uint8_t network_bits);
    bool add_default_route(const char* interface, const Prefix& gateway);
    /// Makes the prefix unreachable in a table.
    bool add_unreachable(const Prefix& to, uint32_t table);

private:
    explicit RouteSocket(UniqueFd fd) : m_fd(std::move(fd)) {}
    bool request(std::string& message);

    UniqueFd m_fd;
    uint32_t m_sequence = 0;
};

} // namespace quire::init
