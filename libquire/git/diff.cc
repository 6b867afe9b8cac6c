#include "git/diff.h"

#include "git/compare_files.h"
#include "git/renames.h"

namespace quire::git {

static FileDiff file_of(const TreeChange& change)
{
    FileDiff file;
    file.old_path = file.new_path = change.path;
    file.old_mode = change.before ? change.before->mode : GIT_FILEMODE_UNREADABLE;
    file.new_mode = change.after ? change.after->mode : GIT_FILEMODE_UNREADABLE;
    file.old_id = change.before ? change.before->id : git_oid{};
    file.new_id = change.after ? change.after->id : git_oid{};
    constexpr unsigned kind = 0170000;
    bool is_other_kind = (file.old_mode & kind) != (file.new_mode & kind);
    file.status = !change.before  ? GIT_DELTA_ADDED
                  : !change.after ? GIT_DELTA_DELETED
                  : is_other_kind ? GIT_DELTA_TYPECHANGE
                                  : GIT_DELTA_MODIFIED;
    return file;
}

static std::vector<Comparison> find_files(const Objects& objects, const TreeDiff& names, const Patience& patience)
{
    const std::vector<TreeChange>& changes = names.changes;
    std::vector<std::optional<size_t>> came_from(changes.size());
    std::vector<bool> went(changes.size());
    for (const auto& [from, to] : find_renames(objects, changes, patience)) {
        came_from[to] = from;
        went[from] = true;
    }
    std::vector<Comparison> files;
    for (size_t i = 0; i < changes.size(); ++i) {
        if (went[i])
            continue;
        Comparison& file = files.emplace_back(Comparison{file_of(changes[i]), changes[i].before, changes[i].after});
        if (!came_from[i])
            continue;
        const TreeChange& old = changes[*came_from[i]];
        file.before = old.before;
        file.file.status = GIT_DELTA_RENAMED;
        file.file.old_path = old.path;
        file.file.old_mode = old.before->mode;
        file.file.old_id = old.before->id;
    }
    return files;
}

static Diff compare_all(const Repository& repository, std::vector<Comparison> all, const DiffOptions& options)
{
    if (!options.only_names)
        compare_files(repository, all, options);
    Diff result;
    for (Comparison& one : all) {
        FileDiff& file = one.file;
        result.is_cut |= file.is_cut;
        result.added += file.added;
        result.removed += file.removed;
        result.files.push_back(std::move(file));
    }
    result.is_late = options.names.patience.is_over();
    return result;
}

Diff diff_trees(const Repository& repository, const std::optional<git_oid>& before, const git_oid& after,
                const DiffOptions& options)
{
    TreeDiff names = diff_names(repository.objects(), before, after, options.names);
    Diff result = compare_all(repository, find_files(repository.objects(), names, options.names.patience), options);
    result.has_more_files = names.is_cut;
    result.is_late |= names.is_late;
    return result;
}

Diff diff_files(const Repository& repository,
                const std::vector<std::pair<std::optional<DiffSide>, std::optional<DiffSide>>>& files,
                const DiffOptions& options)
{
    std::vector<Comparison> all;
    for (const auto& [before, after] : files) {
        TreeChange change{.path = after ? after->path : before->path};
        Comparison one;
        if (before)
            change.before = before->side, one.before_text = before->text;
        if (after)
            change.after = after->side, one.after_text = after->text;
        one.file = file_of(change);
        one.before = change.before;
        one.after = change.after;
        if (before && after && before->path != after->path) {
            one.file.status = GIT_DELTA_RENAMED;
            one.file.old_path = before->path;
        }
        all.push_back(std::move(one));
    }
    return compare_all(repository, std::move(all), options);
}

std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit, const std::string& path,
                                        const Patience& patience)
{
    if (commit.parents.empty() || repository.find(commit.parents[0], path))
        return std::nullopt;
    auto parent = repository.commit(commit.parents[0]);
    if (!parent)
        return std::nullopt;
    Diff diff =
        diff_trees(repository, parent->tree, commit.tree, {.only_names = true, .names = {.patience = patience}});
    for (const FileDiff& file : diff.files)
        if (file.status == GIT_DELTA_RENAMED && file.new_path == path)
            return file.old_path;
    return std::nullopt;
}

} // namespace quire::git
