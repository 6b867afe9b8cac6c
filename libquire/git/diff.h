// What changed between two trees, with renames found, as plain values: within a budget, whatever was pushed.
#pragma once

#include "base/patience.h"
#include "git/repository.h"
#include "git/tree_diff.h"

namespace quire::git {

struct DiffLine {
    char origin = ' '; ///< ' ', '+', '-'; '\\' for "no newline at the end"
    int old_number = 0, new_number = 0;
    std::string text; ///< without its newline
    size_t rest = 0;  ///< bytes of the line that were cut off
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
    bool is_cut = false; ///< too large to show: `hunks` is empty; the counts are right, or 0 where nothing was counted
    size_t added = 0, removed = 0;
    std::vector<DiffHunk> hunks;
};

struct DiffOptions {
    bool ignore_whitespace = false;
    bool only_names = false;       ///< no lines and no counts
    TreeBudget names = {};         ///< its patience is that of the whole
    size_t max_files = 500;        ///< whose lines are read
    size_t max_lines = 20'000;     ///< of all files together
    size_t max_file_lines = 3'000; ///< of one file
    size_t max_text = 2u << 20;    ///< bytes of the lines of all files
    size_t max_line = 2'000;       ///< bytes of one line
    size_t max_read = 64u << 20;   ///< bytes of files to compare
};

struct Diff {
    std::vector<FileDiff> files; ///< by path
    size_t added = 0, removed = 0;
    bool is_cut = false;         ///< some files' lines were left out
    bool has_more_files = false; ///< more have changed than are here
    bool is_late = false;        ///< the patience was over first
};

/// `before` nullopt: against nothing.
Diff diff_trees(const Repository& repository, const std::optional<git_oid>& before, const git_oid& after,
                const DiffOptions& options = {});

/// What the file that the commit added was called in its first parent, if it was moved rather than made.
std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit, const std::string& path,
                                        const Patience& patience = {});

} // namespace quire::git
