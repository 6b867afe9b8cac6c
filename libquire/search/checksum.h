// checksum() finds accidental damage in what the index keeps on disk, faster than memory delivers it. It is no
// protection from somebody who can write there.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace quire::search {

inline uint64_t checksum(std::string_view bytes)
{
    constexpr uint64_t prime = 0x9e3779b97f4a7c15u;
    auto mix = [](uint64_t& sum, uint64_t word) {
        sum = (sum ^ word) * prime;
        sum ^= sum >> 29;
    };
    auto word_at = [&](size_t index) {
        uint64_t word = 0;
        std::memcpy(&word, bytes.data() + index * 8, 8);
        return word;
    };
    // Four sums, so that one multiplication need not wait for another.
    uint64_t a = prime ^ bytes.size(), b = 1, c = 2, d = 3;
    for (; bytes.size() >= 32; bytes.remove_prefix(32)) {
        mix(a, word_at(0));
        mix(b, word_at(1));
        mix(c, word_at(2));
        mix(d, word_at(3));
    }
    for (; bytes.size() >= 8; bytes.remove_prefix(8))
        mix(a, word_at(0));
    uint64_t last = 0;
    for (char byte : bytes)
        last = last << 8 | static_cast<unsigned char>(byte);
    for (uint64_t word : {last, b, c, d})
        mix(a, word);
    return a ^ a >> 32;
}

} // namespace quire::search
