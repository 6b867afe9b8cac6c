// PathKey: a path in the form that the changed-path filters of a commit-graph can be asked about.
//
// For each commit, a filter answers either "this path did not change against the first parent" or "perhaps it did". The
// hash is 32-bit murmur3, computed twice, as git's commit-graph-format(5) defines it.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::git {

struct PathKey {
    explicit PathKey(std::string_view path);

    uint32_t hash = 0, step = 0;
    /// Whether all bytes are below 0x80. Version 1 of the filters hashed other bytes differently, so they are not used.
    bool is_plain = true;
};

/// The settings of a graph file's filters.
struct FilterSettings {
    uint32_t version = 0, hashes = 0;
};

/// false means that the path did not change. `filter` is the commit's; with an empty one the answer is true.
bool may_hold(std::string_view filter, const FilterSettings& settings, const PathKey& key);

uint32_t murmur3(uint32_t seed, std::string_view data);

} // namespace quire::git
