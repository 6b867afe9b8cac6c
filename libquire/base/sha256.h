// SHA-256 (FIPS 180-4), fed piece by piece.
//
//   Sha256 hash;
//   hash.update(piece);                  // as often as there are pieces
//   std::string digest = hash.finish();  // 32 bytes; the object can't be used afterwards
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace quire {

class Sha256 {
public:
    void update(std::string_view bytes);
    /// The 32 bytes of the digest. REQUIRES: nothing is called on the object afterwards.
    std::string finish();

private:
    void add_block(const char* block);

    std::array<uint32_t, 8> m_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<char, 64> m_buffer{};
    uint64_t m_size = 0; ///< bytes so far; those after the last whole block wait in m_buffer
};

/// The digest of `bytes` in lower-case hex.
std::string sha256_hex(std::string_view bytes);

} // namespace quire
