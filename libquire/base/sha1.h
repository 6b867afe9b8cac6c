// SHA-1 (FIPS 180-4), fed piece by piece. Only for git's formats, which end with such a digest; it protects nothing.
//
//   Sha1 hash;
//   hash.update(piece);                  // as often as there are pieces
//   std::string digest = hash.finish();  // 20 bytes; the object can't be used afterwards
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace quire {

class Sha1 {
public:
    void update(std::string_view bytes);
    /// The 20 bytes of the digest. REQUIRES: nothing is called on the object afterwards.
    std::string finish();

private:
    void add_block(const char* block);

    std::array<uint32_t, 5> m_state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    std::string m_rest; ///< bytes after the last whole block
    uint64_t m_size = 0;
};

} // namespace quire
