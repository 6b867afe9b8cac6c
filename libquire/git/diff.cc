#include "git/diff.h"

namespace quire::git {

static std::string_view line_text(const git_diff_line& line)
{
    std::string_view text(line.content, line.content_len);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.remove_suffix(1);
    return text;
}

static char shown_origin(char origin)
{
    switch (origin) {
    case GIT_DIFF_LINE_ADDITION:
    case GIT_DIFF_LINE_DELETION:
    case GIT_DIFF_LINE_CONTEXT:
        return origin;
    default:
        return '\\';
    }
}

static void read_hunks(git_patch* patch, FileDiff& file)
{
    for (size_t h = 0; h < git_patch_num_hunks(patch); ++h) {
        const git_diff_hunk* hunk = nullptr;
        size_t lines = 0;
        if (git_patch_get_hunk(&hunk, &lines, patch, h) != 0)
            continue;
        std::string_view header(hunk->header, hunk->header_len);
        DiffHunk& added = file.hunks.emplace_back();
        added.header = header.substr(0, header.find('\n'));
        for (size_t l = 0; l < lines; ++l) {
            const git_diff_line* line = nullptr;
            if (git_patch_get_line_in_hunk(&line, patch, h, l) == 0)
                added.lines.push_back(
                    {shown_origin(line->origin), line->old_lineno, line->new_lineno, std::string(line_text(*line))});
        }
    }
}

/// What is larger is not compared.
constexpr uint64_t max_compared = 4u << 20;

static std::string path_of(const git_diff_file& file) { return file.path ? file.path : ""; }

static FileDiff file_of(const git_diff_delta& delta)
{
    FileDiff file;
    file.status = delta.status;
    file.old_path = path_of(delta.old_file);
    file.new_path = path_of(delta.new_file);
    file.old_mode = static_cast<git_filemode_t>(delta.old_file.mode);
    file.new_mode = static_cast<git_filemode_t>(delta.new_file.mode);
    return file;
}

/// Reads one file's lines as far as the limits let it; `left` counts down what all files may have.
static Result<void> read_patch(git_diff* diff, size_t index, FileDiff& file, size_t& left, const DiffOptions& options)
{
    git_patch* raw = nullptr;
    if (git_patch_from_diff(&raw, diff, index) != 0)
        return fail(ErrorKind::system, "{}: can't be compared", file.new_path);
    PatchHandle patch(raw);
    const git_diff_delta& delta = *git_patch_get_delta(raw);
    bool is_large = delta.old_file.size > max_compared || delta.new_file.size > max_compared; // libgit2 calls it binary
    file.is_binary = !is_large && (delta.flags & GIT_DIFF_FLAG_BINARY) != 0;
    size_t context = 0;
    git_patch_line_stats(&context, &file.added, &file.removed, raw);
    size_t lines = context + file.added + file.removed;
    file.is_cut = is_large || lines > options.max_file_lines || lines > left;
    if (file.is_cut || file.is_binary)
        return {};
    left -= lines;
    read_hunks(raw, file);
    return {};
}

/// Whether what was added or removed has a file so large that it must not come into memory, as it would to find what it
/// is similar to.
static bool has_large_file(const Repository& repository, git_diff* diff)
{
    for (size_t i = 0; i < git_diff_num_deltas(diff); ++i) {
        const git_diff_delta& delta = *git_diff_get_delta(diff, i);
        bool is_added = delta.status == GIT_DELTA_ADDED;
        if (!is_added && delta.status != GIT_DELTA_DELETED)
            continue;
        auto size = repository.blob_size(is_added ? delta.new_file.id : delta.old_file.id);
        if (size && *size > max_compared)
            return true;
    }
    return false;
}

Result<Diff> diff_trees(const Repository& repository, const std::optional<git_oid>& old_id, const git_oid& new_id,
                        const DiffOptions& options)
{
    auto tree_of = [&](const git_oid& id) {
        return own<TreeHandle>(to_string(id),
                               [&](git_tree** out) { return git_tree_lookup(out, repository.raw(), &id); });
    };
    TreeHandle new_tree = TRY(tree_of(new_id));
    TreeHandle old_tree = old_id ? TRY(tree_of(*old_id)) : TreeHandle();
    git_diff_options settings = GIT_DIFF_OPTIONS_INIT;
    settings.context_lines = 3;
    settings.max_size = static_cast<git_off_t>(max_compared);
    if (options.ignore_whitespace)
        settings.flags |= GIT_DIFF_IGNORE_WHITESPACE;
    DiffHandle diff = TRY(own<DiffHandle>("diff", [&](git_diff** out) {
        return git_diff_tree_to_tree(out, repository.raw(), old_tree.get(), new_tree.get(), &settings);
    }));
    git_diff_find_options renames = GIT_DIFF_FIND_OPTIONS_INIT;
    renames.flags = GIT_DIFF_FIND_RENAMES;
    if (has_large_file(repository, diff.get()))
        renames.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY;
    renames.rename_limit = 400;
    git_diff_find_similar(diff.get(), &renames);
    Diff result;
    size_t left = options.max_lines;
    for (size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
        FileDiff& file = result.files.emplace_back(file_of(*git_diff_get_delta(diff.get(), i)));
        if (options.only_names)
            continue;
        if (i < options.max_files)
            TRY(read_patch(diff.get(), i, file, left, options));
        else
            file.is_cut = true;
        result.is_cut = result.is_cut || file.is_cut;
        result.added += file.added;
        result.removed += file.removed;
    }
    return result;
}

std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit, const std::string& path)
{
    if (commit.parents.empty() || repository.find(commit.parents[0], path))
        return std::nullopt;
    auto parent = repository.commit(commit.parents[0]);
    auto diff = parent ? diff_trees(repository, parent->tree, commit.tree, {.only_names = true})
                       : Result<Diff>(Unexpected(std::move(parent).error()));
    if (!diff)
        return std::nullopt;
    for (const FileDiff& file : diff->files)
        if (file.status == GIT_DELTA_RENAMED && file.new_path == path)
            return file.old_path;
    return std::nullopt;
}

} // namespace quire::git
