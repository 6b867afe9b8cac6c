// checksum() finds accidental damage in what the index keeps on disk, faster than the disk delivers it. It is no
// protection from somebody who can write there.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace quire::search {

inline uint64_t checksum(std::string_view bytes)
{
    constexpr uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t sum = prime ^ bytes.size();
    auto mix = [&](uint64_t word) {
        sum = (sum ^ word) * prime;
        sum ^= sum >> 29;
    };
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        mix(word);
    }
    uint64_t last = 0;
    for (char c : bytes)
        last = last << 8 | static_cast<unsigned char>(c);
    mix(last);
    return sum ^ sum >> 32;
}

} // namespace quire::search
