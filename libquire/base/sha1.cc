#include "base/sha1.h"

#include <bit>

namespace quire {

constexpr size_t block_size = 64;

void Sha1::add_block(const char* block)
{
    std::array<uint32_t, 16> words;
    for (size_t i = 0; i < words.size(); ++i) {
        auto byte = [&](size_t j) { return uint32_t{static_cast<unsigned char>(block[4 * i + j])}; };
        words[i] = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    }
    auto [a, b, c, d, e] = m_state;
    auto next_word = [&](size_t i) {
        uint32_t& word = words[i % 16];
        if (i >= 16)
            word = std::rotl(words[(i + 13) % 16] ^ words[(i + 8) % 16] ^ words[(i + 2) % 16] ^ word, 1);
        return word;
    };
    // Five rounds at a time, after which each variable has its old role again. What is not inlined is not in registers.
    auto rounds = [&](size_t begin, uint32_t constant, auto mix) __attribute__((always_inline)) {
        auto round = [&](uint32_t v, uint32_t& w, uint32_t x, uint32_t y, uint32_t& z, size_t i)
                         __attribute__((always_inline)) {
                             z += std::rotl(v, 5) + mix(w, x, y) + constant + next_word(i);
                             w = std::rotl(w, 30);
                         };
#pragma GCC unroll 4
        for (size_t i = begin; i < begin + 20; i += 5) {
            round(a, b, c, d, e, i);
            round(e, a, b, c, d, i + 1);
            round(d, e, a, b, c, i + 2);
            round(c, d, e, a, b, i + 3);
            round(b, c, d, e, a, i + 4);
        }
    };
    auto parity = [](uint32_t x, uint32_t y, uint32_t z) { return x ^ y ^ z; };
    rounds(0, 0x5a827999, [](uint32_t x, uint32_t y, uint32_t z) { return z ^ (x & (y ^ z)); });
    rounds(20, 0x6ed9eba1, parity);
    rounds(40, 0x8f1bbcdc, [](uint32_t x, uint32_t y, uint32_t z) { return (x & y) | (z & (x | y)); });
    rounds(60, 0xca62c1d6, parity);
    m_state[0] += a;
    m_state[1] += b;
    m_state[2] += c;
    m_state[3] += d;
    m_state[4] += e;
}

void Sha1::update(std::string_view bytes)
{
    m_size += bytes.size();
    if (!m_rest.empty()) {
        std::string_view fitting = bytes.substr(0, block_size - m_rest.size());
        m_rest += fitting;
        bytes.remove_prefix(fitting.size());
        if (m_rest.size() < block_size)
            return;
        add_block(m_rest.data());
        m_rest.clear();
    }
    for (; bytes.size() >= block_size; bytes.remove_prefix(block_size))
        add_block(bytes.data());
    m_rest = bytes;
}

std::string Sha1::finish()
{
    uint64_t bits = m_size * 8;
    std::string padding(1, '\x80');
    size_t used = (m_rest.size() + 1) % block_size;
    padding.append((used <= 56 ? 56 : 56 + block_size) - used, '\0');
    for (int shift = 56; shift >= 0; shift -= 8)
        padding += static_cast<char>(bits >> shift);
    update(padding);
    std::string digest;
    for (uint32_t word : m_state)
        for (int shift = 24; shift >= 0; shift -= 8)
            digest += static_cast<char>(word >> shift);
    return digest;
}

} // namespace quire
