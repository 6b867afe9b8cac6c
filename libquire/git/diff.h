// What changed between two trees, with renames detected, as plain values. The work stays within a budget for any push.
#pragma once

#include <memory>

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
    git_oid old_id{}, new_id{}; ///< zero where there is no such side
    bool is_binary = false;
    bool is_cut = false; ///< too large to show: `hunks` is empty, and the counts are right, or 0 if nothing was counted
    size_t added = 0, removed = 0;
    std::vector<DiffHunk> hunks;
    size_t old_size = 0, new_size = 0; ///< bytes, where they were compared
    std::optional<Object> new_content; ///< what new_id names, for who colours it; nullopt where that would be too much
};

struct DiffOptions {
    bool ignore_whitespace = false;
    bool only_names = false;       ///< neither lines nor counts
    std::string only_file = {};    ///< of this file alone lines and counts; "": of all
    TreeBudget names = {};         ///< its patience applies to the whole diff
    size_t max_files = 1'000;      ///< how many files have their lines read
    size_t max_lines = 20'000;     ///< in all files together
    size_t max_file_lines = 3'000; ///< in one file
    size_t max_text = 2u << 20;    ///< bytes of lines, in all files together
    size_t max_line = 2'000;       ///< bytes of one line
    size_t max_read = 64u << 20;   ///< bytes of files to compare
    size_t max_kept = 1u << 20;    ///< bytes of new versions that the result keeps
};

struct Diff {
    std::vector<FileDiff> files; ///< by path
    size_t added = 0, removed = 0;
    bool is_cut = false;         ///< the lines of some files were left out
    bool has_more_files = false; ///< more files have changed than are listed
    bool is_late = false;        ///< the patience ran out first
};

/// If `before` is nullopt, everything in `after` counts as added.
Diff diff_trees(const Repository& repository, const std::optional<git_oid>& before, const git_oid& after,
                const DiffOptions& options = {});

/// One side of a file to compare: an object, or a text that is in none.
struct DiffSide {
    std::string path;
    TreeSide side;
    std::optional<std::string> text = {};
};
/// Compares each pair, of which at least one side is set, as diff_trees does.
Diff diff_files(const Repository& repository,
                const std::vector<std::pair<std::optional<DiffSide>, std::optional<DiffSide>>>& files,
                const DiffOptions& options = {});

/// If the commit added the file by renaming another one: the name of that file in the commit's first parent.
std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit, const std::string& path,
                                        const Patience& patience = {});

} // namespace quire::git
