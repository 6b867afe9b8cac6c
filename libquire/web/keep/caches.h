// Everything that pages remember besides whole pages. The keys are made of object ids, so nothing goes out of date.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "git/ahead_behind.h"
#include "git/repository.h"
#include "web/keep/value_cache.h"

namespace quire::web {

struct EntryChange {
    git_oid commit{};
    std::string subject;
    Instant when = 0;
};

struct EntryChanges {
    std::map<std::string, EntryChange, std::less<>> by_name;
    bool is_complete = false;
};

/// Each language with its number of bytes.
using Languages = std::vector<std::pair<std::string, uint64_t>>;

struct Caches {
    ValueCache<EntryChanges> changes{4u << 20};       ///< by commit and directory
    ValueCache<git::AheadBehind> distances{1u << 20}; ///< by the two tips
    ValueCache<Languages> languages{1u << 18};        ///< by tree
    ValueCache<std::string> paths{4u << 20};          ///< all paths of a tree, one a line
    ValueCache<uint64_t> line_counts{1u << 18};       ///< of large files, by the id of the blob
};

} // namespace quire::web
