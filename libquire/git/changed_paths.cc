#include "git/changed_paths.h"

#include <algorithm>
#include <bit>

namespace quire::git {

static uint32_t byte_at(std::string_view data, size_t i) { return static_cast<unsigned char>(data[i]); }

uint32_t murmur3(uint32_t seed, std::string_view data)
{
    constexpr uint32_t c1 = 0xcc9e2d51, c2 = 0x1b873593;
    auto scramble = [](uint32_t k) { return std::rotl(k * c1, 15) * c2; };
    size_t i = 0;
    for (; i + 4 <= data.size(); i += 4) {
        uint32_t k =
            byte_at(data, i) | byte_at(data, i + 1) << 8 | byte_at(data, i + 2) << 16 | byte_at(data, i + 3) << 24;
        seed = std::rotl(seed ^ scramble(k), 13) * 5 + 0xe6546b64;
    }
    uint32_t tail = 0;
    for (size_t left = data.size() - i; left > 0; --left)
        tail = tail << 8 | byte_at(data, i + left - 1);
    seed ^= scramble(tail);
    seed ^= static_cast<uint32_t>(data.size());
    seed = (seed ^ (seed >> 16)) * 0x85ebca6b;
    seed = (seed ^ (seed >> 13)) * 0xc2b2ae35;
    return seed ^ (seed >> 16);
}

PathKey::PathKey(std::string_view path)
    : hash(murmur3(0x293ae76f, path)), step(murmur3(0x7e646e2c, path)),
      is_plain(std::none_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
{}

bool may_hold(std::string_view filter, const FilterSettings& settings, const PathKey& key)
{
    if (filter.empty() || (settings.version != 2 && !(settings.version == 1 && key.is_plain)))
        return true;
    uint64_t bits = filter.size() * 8;
    uint32_t hash = key.hash;
    for (uint32_t i = 0; i < settings.hashes; ++i, hash += key.step) {
        uint64_t at = hash % bits;
        if ((static_cast<unsigned char>(filter[at / 8]) & (1u << (at % 8))) == 0)
            return false;
    }
    return true;
}

} // namespace quire::git
