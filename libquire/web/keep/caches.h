// Everything that pages remember besides whole pages. The keys are made of object ids, so nothing goes out of date.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cached.h"
#include "base/time.h"
#include "git/ahead_behind.h"
#include "git/repository.h"
#include "search/blob_id.h"
#include "search/symbol.h"

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

inline git_oid oid_of(const search::BlobId& blob)
{
    git_oid id{};
    std::copy(blob.bytes.begin(), blob.bytes.end(), id.id);
    return id;
}

/// The files of a tree, without links and submodules.
struct SearchTree {
    struct File {
        std::string path;
        search::BlobId id;
    };
    std::vector<File> files; ///< by path
    bool is_cut = false;     ///< it has more
};

/// What a version of a change altered in the one before.
struct Alteration {
    size_t files = 0, added = 0, removed = 0;
    bool is_rebased = false, has_new_message = false, is_partial = false;
};

/// What a file defines, by line, and how deep each is inside the others (code/outline.h).
struct Outline {
    std::vector<search::Symbol> symbols;
    std::vector<uint32_t> depths;
};

struct Caches {
    Cached<EntryChanges> changes{4u << 20};          ///< by commit and directory
    Cached<git::AheadBehind> distances{1u << 20};    ///< by the two tips
    Cached<Languages> languages{1u << 18};           ///< by tree
    Cached<std::string> paths{4u << 20};             ///< all paths of a tree, one a line
    Cached<uint64_t> line_counts{1u << 18};          ///< of large files, by the id of the blob
    Cached<SearchTree> search_trees{12u << 20};      ///< by tree
    Cached<Outline> outlines{2u << 20};              ///< by the id of the blob and the name of the file
    Cached<Alteration> alterations{1u << 18};        ///< by the two commits
    Cached<std::vector<git_oid>> log_ends{1u << 20}; ///< where a log goes on, by its tips, path and last commit
};

} // namespace quire::web
