// How alike two files are, as git reckons it to find renames: by the bytes of the lines that both have.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::history {

/// What is the same; half of it is what a renamed file has at least.
constexpr uint64_t all_alike = 60'000;
constexpr uint64_t half_alike = all_alike / 2;

class Fingerprint {
public:
    explicit Fingerprint(std::string_view content);
    /// Of all_alike.
    uint64_t likeness(const Fingerprint& other) const;

private:
    size_t m_size;
    std::vector<std::pair<uint32_t, uint32_t>> m_pieces; ///< hash and bytes, in the order of the hashes
};

/// False: their sizes alone say that they are not half alike.
bool may_be_half_alike(uint64_t a, uint64_t b);

} // namespace quire::history
