// PathKey: a path as the changed-path filters of a commit-graph look it up.
//
// A filter says of a commit "this path did not change against the first parent", or "perhaps". The hash is
// murmur3 with 32 bits, twice, as git's commit-graph-format(5) has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::git {

struct PathKey {
    explicit PathKey(std::string_view path);

    uint32_t hash = 0, step = 0;
    /// The first version of the filters hashed bytes from 0x80 on in a way of its own: not worth telling apart.
    bool is_plain = true;
};

/// What a graph file says of its filters.
struct FilterSettings {
    uint32_t version = 0, hashes = 0;
};

/// False: the path did not change. `filter` is the commit's; an empty one knows nothing.
bool may_hold(std::string_view filter, const FilterSettings& settings, const PathKey& key);

uint32_t murmur3(uint32_t seed, std::string_view data);

} // namespace quire::git
