// What quire-init asks of the kernel about routes (rtnetlink(7)): which addresses a machine answers for, and rules that
// keep a network namespace from reaching them.
//
// A socket belongs to the network namespace that it was opened in. Every call waits for the kernel's answer, and on
// failure leaves the reason in errno.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace quire::init {

/// A range of addresses. Plain bytes: it also travels through pipes.
struct Prefix {
    uint8_t family = 0; ///< AF_INET or AF_INET6
    uint8_t length = 0; ///< bits
    uint8_t bytes[16] = {};
};

/// "192.0.2.0/24", "fd00::1"; nullopt for what is no address.
std::optional<Prefix> parse_prefix(const char* text);

class RouteSocket {
public:
    /// With `follow` it is told of every change to routes: poll fd(), then read_changes().
    static std::optional<RouteSocket> open(bool follow);

    int fd() const { return m_fd.get(); }

    /// Every address and range that this network namespace answers for itself.
    bool read_own(std::vector<Prefix>& prefixes);
    /// Those that came since. False when the kernel dropped some: read_own() again.
    bool read_changes(std::vector<Prefix>& prefixes);

    /// Traffic of that IP protocol, to that prefix and port where they are given, obeys that table.
    bool add_rule(uint8_t family, uint32_t priority, uint8_t protocol, uint32_t table, const Prefix* to, uint16_t port);
    /// Gives an interface an address that nobody else is asked about (DAD), of a network with that many bits.
    bool add_address(const char* interface, const Prefix& address, uint8_t network_bits);
    bool add_default_route(const char* interface, const Prefix& gateway);
    /// In that table, the prefix can't be reached.
    bool add_unreachable(const Prefix& to, uint32_t table);

private:
    explicit RouteSocket(UniqueFd fd) : m_fd(std::move(fd)) {}
    bool request(std::string& message);

    UniqueFd m_fd;
    uint32_t m_sequence = 0;
};

} // namespace quire::init
