// The files in which two commits differ, as `git diff-tree -r -z --raw --no-abbrev --no-renames` prints them, and what
// they make of a list of files.
#pragma once

#include "git/index_file.h"

namespace quire::git {

struct FileChange {
    std::string path;
    std::string fields; ///< of the later file, with nothing but its mode; empty if there is none
    std::string id;     ///< bytes
};

/// In the order of the paths' bytes.
Result<std::vector<FileChange>> parse_file_changes(std::string_view raw);

struct LaterFiles {
    std::vector<IndexEntry> files; ///< in order; the changed ones point into the changes
    std::vector<bool> is_kept;     ///< for each earlier file, whether it is among them as it was
};

/// The files of the later commit. Both lists are in the order of the paths' bytes.
LaterFiles apply_changes(const std::vector<IndexEntry>& earlier, const std::vector<FileChange>& changes);

} // namespace quire::git
