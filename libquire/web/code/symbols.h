// Where names are defined in a commit: through the index where it has the files (search/segment.h), else by looking
// into them.
#pragma once

#include "git/repository.h"
#include "search/index.h"
#include "web/keep/caches.h"

namespace quire::web {

struct Definition {
    std::string path;
    search::BlobId blob;
    uint32_t line = 0;
    search::SymbolKind kind = search::SymbolKind::function;
    int rank = 0; ///< the lower the better
};

struct Definitions {
    std::vector<Definition> all; ///< the best first
    bool is_late = false;        ///< the patience ran out first
};

/// `from` is the file in which somebody asks; "": none.
Definitions find_definitions(const SearchTree& tree, const search::Index* index, const git::Repository& repository,
                             std::string_view name, std::string_view from, const Patience& patience);

} // namespace quire::web
