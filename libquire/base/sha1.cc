#include "base/sha1.h"

#include <bit>

namespace quire {

constexpr size_t block_size = 64;

void Sha1::add_block(const char* block)
{
    std::array<uint32_t, 80> schedule;
    for (size_t i = 0; i < 16; ++i)
        schedule[i] = 0;
    for (size_t i = 0; i < block_size; ++i)
        schedule[i / 4] = schedule[i / 4] << 8 | static_cast<unsigned char>(block[i]);
    for (size_t i = 16; i < schedule.size(); ++i)
        schedule[i] = std::rotl(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    auto [a, b, c, d, e] = m_state;
    for (size_t i = 0; i < schedule.size(); ++i) {
        uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                  : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = std::rotl(a, 5) + mixed + e + schedule[i];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
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
