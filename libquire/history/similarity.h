// How similar two files are, by git's rule for renames: it counts the bytes of the lines that both have.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::history {

/// The value for equal files. A renamed file must have at least half of it.
constexpr uint64_t all_alike = 60'000;
constexpr uint64_t half_alike = all_alike / 2;

class Fingerprint {
public:
    explicit Fingerprint(std::string_view content);
    /// From 0 to all_alike.
    uint64_t likeness(const Fingerprint& other) const;

private:
    size_t m_size;
    std::vector<std::pair<uint32_t, uint32_t>> m_pieces; ///< hashes with numbers of bytes, in the order of the hashes
};

/// false: their sizes alone rule out that they are half alike.
bool may_be_half_alike(uint64_t a, uint64_t b);

} // namespace quire::history
