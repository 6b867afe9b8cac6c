// What changed between two trees, with renames found: bounded, as plain values.
#pragma once

#include "git/repository.h"

namespace quire::git {

struct DiffLine {
    char origin = ' '; ///< ' ', '+', '-'; '\\' for "no newline at the end"
    int old_number = 0, new_number = 0;
    std::string text; ///< without its newline
};

struct DiffHunk {
    std::string header; ///< "@@ -1,2 +3,4 @@ context"
    std::vector<DiffLine> lines;
};

struct FileDiff {
    git_delta_t status = GIT_DELTA_UNMODIFIED;
    std::string old_path, new_path;
    git_filemode_t old_mode = GIT_FILEMODE_UNREADABLE, new_mode = GIT_FILEMODE_UNREADABLE;
    bool is_binary = false;
    bool is_cut = false; ///< too large to show: `hunks` is empty, the counts are right
    size_t added = 0, removed = 0;
    std::vector<DiffHunk> hunks;
};

struct DiffOptions {
    bool ignore_whitespace = false;
    bool only_names = false;       ///< no lines and no counts
    size_t max_files = 500;        ///< whose lines are read
    size_t max_lines = 20'000;     ///< of all files together
    size_t max_file_lines = 3'000; ///< of one file
};

struct Diff {
    std::vector<FileDiff> files; ///< all that changed, also past the limits
    size_t added = 0, removed = 0;
    bool is_cut = false; ///< some files' lines were left out
};

/// `old_tree` nullopt: against nothing.
Result<Diff> diff_trees(const Repository& repository, const std::optional<git_oid>& old_tree, const git_oid& new_tree,
                        const DiffOptions& options = {});

/// What the file that the commit added was called in its first parent, if it was moved rather than made.
std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit,
                                        const std::string& path);

} // namespace quire::git
