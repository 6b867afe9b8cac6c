// Numbers as git writes them in its files: the highest byte first. REQUIRES: the bytes are there.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace quire::git {

inline uint32_t u32(std::string_view bytes, size_t offset)
{
    uint32_t value = 0;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return __builtin_bswap32(value);
}

inline uint64_t u64(std::string_view bytes, size_t offset)
{
    return uint64_t{u32(bytes, offset)} << 32 | u32(bytes, offset + 4);
}

} // namespace quire::git
