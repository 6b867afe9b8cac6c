// Finds lines in the files of a commit: through the index (search/index.h) where it has them, else in the blobs of the
// repository itself.
//
// Which blobs are looked at is decided by the tree of a commit of a repository that the reader may see. The index only
// says what is in these; so nothing can show that another repository has a text.
#pragma once

#include "search/index.h"
#include "search/query.h"
#include "web/code/hit_lines.h"
#include "web/keep/caches.h"
#include "web/site/site.h"

namespace quire::web {

/// The files of a tree; null if the patience ran out first.
std::shared_ptr<const SearchTree> search_tree(Site& site, const git::Repository& repository, const git_oid& commit,
                                              const Patience& patience);

struct FileHits {
    std::string path;
    std::vector<ShownLine> lines;
    size_t matches = 0; ///< how many lines match; those shown may be fewer
    int score = 0;
    int tab_width = usual_tab_width;
};

struct LineSearch {
    const search::Query& query;
    std::string path;        ///< only in this file, or below this directory; "": everywhere
    size_t files = 50;       ///< as many are found at most
    size_t first = 0;        ///< those are shown that come after as many better ones,
    size_t shown = SIZE_MAX; ///< and no more of them
    size_t lines = 5;        ///< of one file
    Around around = {};
    bool only_index = false; ///< what is not in the index is left out
    Patience patience = {};
};

struct FoundLines {
    std::vector<FileHits> files; ///< those to show, the best first
    size_t all_files = 0;        ///< how many were found
    size_t matches = 0;          ///< lines in them
    bool is_full = false;        ///< there may be more files
    bool is_late = false;        ///< the patience ran out first
    size_t left_out = 0;         ///< files that are too large to be searched
};

FoundLines search_lines(const SearchTree& tree, const search::Index* index, const git::Repository& repository,
                        const LineSearch& wanted);

/// How little a path says to most readers: 0 for source, more for tests, translations and what is generated.
int remoteness(std::string_view path);

} // namespace quire::web
