#include "history/tree_view.h"

#include <algorithm>
#include <set>

#include "git/merge_file.h"
#include "git/raw_tree.h"
#include "git/reachability.h"
#include "git/renames.h"

namespace quire::history {

constexpr size_t most_bytes = 4u << 20;

FileValue made_file(std::string text, git_filemode_t mode)
{
    FileValue file{.mode = mode};
    git_odb_hash(&file.id, text.data(), text.size(), GIT_OBJECT_BLOB);
    file.text = std::make_shared<const std::string>(std::move(text));
    return file;
}

static std::optional<FileValue> value_of(const std::optional<git::TreeSide>& side)
{
    return side ? std::optional(FileValue{.id = side->id, .mode = side->mode}) : std::nullopt;
}

TreeView TreeView::of(const git::Repository& repository, const git::CommitInfo& commit, const git::TreeBudget& budget)
{
    const git::Objects& objects = repository.objects();
    if (commit.conflict.empty())
        return {objects, commit.tree};
    TreeView view(objects, commit.conflict[0]);
    for (size_t i = 1; i + 1 < commit.conflict.size(); i += 2)
        view.merge({objects, commit.conflict[i]}, {objects, commit.conflict[i + 1]}, budget);
    return view;
}

Result<TreeView> TreeView::before(const git::Repository& repository, const git::CommitInfo& commit,
                                  const git::TreeBudget& budget)
{
    if (commit.parents.empty())
        return TreeView(repository.objects(), std::nullopt);
    return of(repository, TRY(repository.commit(commit.parents[0])), budget);
}

Result<TreeView> TreeView::merged_before(const git::Repository& repository, const git::CommitInfo& commit,
                                         const git::TreeBudget& budget)
{
    constexpr size_t max_steps = 1'000'000;
    TreeView first = TRY(before(repository, commit, budget));
    TreeView merged = first;
    for (size_t i = 1; i < commit.parents.size(); ++i) {
        auto parting =
            git::find_parting(repository, commit.parents[0], commit.parents[i], 0, max_steps, budget.patience);
        auto theirs = repository.commit(commit.parents[i]);
        if (!parting || !parting->ancestor || !theirs)
            return first;
        TreeView base = of(repository, TRY(repository.commit(*parting->ancestor)), budget);
        git::TreeEnd end = merged.merge(base, of(repository, *theirs, budget), budget);
        if (end.is_cut || end.is_late)
            return first;
    }
    for (const std::string& path : merged.conflicts()) {
        merged.m_over.erase(path);
        if (auto own = first.m_over.find(path); own != first.m_over.end())
            merged.m_over.insert(*own);
    }
    return merged;
}

std::optional<FileValue> TreeView::find(const std::string& path) const
{
    if (auto own = m_over.find(path); own != m_over.end())
        return own->second;
    std::optional<git_oid> tree = m_tree;
    std::string_view rest = path;
    while (tree) {
        size_t slash = rest.find('/');
        git::RawTree directory(*m_objects, *tree);
        auto item = directory.find(rest.substr(0, slash));
        if (!item || item->is_directory() != (slash != std::string_view::npos))
            return std::nullopt;
        if (slash == std::string_view::npos)
            return FileValue{.id = item->oid(), .mode = git::parse_mode(item->mode)};
        tree = item->oid();
        rest.remove_prefix(slash + 1);
    }
    return std::nullopt;
}

TreeView::Changes TreeView::changes(const TreeView& after, const git::TreeBudget& budget, git::TreeEnd& end) const
{
    Changes changes;
    auto add = [&](git::TreeChange change) {
        changes[change.path] = {value_of(change.before), value_of(change.after)};
    };
    git_oid empty{};
    git_odb_hash(&empty, "", 0, GIT_OBJECT_TREE);
    bool are_same = m_tree && after.m_tree && git::is_same(*m_tree, *after.m_tree);
    if (!are_same && (m_tree || after.m_tree))
        end = each_change(*m_objects, m_tree, after.m_tree.value_or(empty), budget, add);
    for (const Files* over : {&m_over, &after.m_over})
        for (const auto& [path, value] : *over) {
            auto one = find(path), other = after.find(path);
            if (one == other)
                changes.erase(path);
            else
                changes[path] = {one, other};
        }
    return changes;
}

std::vector<std::string> TreeView::conflicts() const
{
    std::vector<std::string> paths;
    for (const auto& [path, file] : m_over)
        if (file && file->is_conflict)
            paths.push_back(path);
    return paths;
}

std::optional<std::string> TreeView::content(const git::Objects& objects, const FileValue& file)
{
    if (file.text)
        return *file.text;
    if (file.mode == GIT_FILEMODE_COMMIT)
        return std::nullopt;
    auto blob = objects.read(file.id, GIT_OBJECT_BLOB, most_bytes);
    return blob ? std::optional(std::string(blob->content())) : std::nullopt;
}

/// Adds what led from `base` to `theirs`.
git::TreeEnd TreeView::merge(const TreeView& base, const TreeView& theirs, const git::TreeBudget& budget)
{
    git::TreeEnd end;
    for (const auto& [path, change] : base.changes(theirs, budget, end))
        merge_file(path, change.first, change.second);
    return end;
}

void TreeView::merge_file(const std::string& path, const std::optional<FileValue>& base,
                          const std::optional<FileValue>& theirs)
{
    auto ours = find(path);
    if (ours == theirs)
        return;
    if (ours == base) {
        m_over[path] = theirs;
        return;
    }
    bool are_texts = true;
    auto text_of = [&](const std::optional<FileValue>& file) {
        auto text = file ? content(*m_objects, *file) : std::string();
        are_texts = are_texts && text;
        return std::move(text).value_or("");
    };
    std::string base_text = text_of(base), our_text = text_of(ours), their_text = text_of(theirs);
    auto merged = are_texts
                      ? git::merge_texts(base_text, our_text, their_text, git::Matching::usual, git::InConflict::marks)
                      : std::nullopt;
    FileValue value = ours ? *ours : theirs.value_or(FileValue());
    if (merged)
        value = made_file(std::move(merged->text), value.mode);
    value.is_conflict = !merged || !merged->is_clean || !ours || !theirs;
    m_over[path] = value;
}

std::vector<git::TreeChange> tree_changes(const TreeView::Changes& changes)
{
    std::vector<git::TreeChange> list;
    auto side = [](const std::optional<FileValue>& file) {
        return file ? std::optional(git::TreeSide{file->id, file->mode}) : std::nullopt;
    };
    for (const auto& [path, change] : changes)
        list.push_back({path, side(change.first), side(change.second)});
    return list;
}

git::Diff diff_changes(const git::Repository& repository, const TreeView::Changes& changes,
                       const git::DiffOptions& options)
{
    std::vector<git::TreeChange> list = tree_changes(changes);
    std::map<std::string, std::string> came_from;
    std::set<std::string> went;
    for (const auto& [from, to] : git::find_renames(repository.objects(), list, options.names.patience)) {
        came_from[list[to].path] = list[from].path;
        went.insert(list[from].path);
    }
    auto side = [](const std::string& path, const std::optional<FileValue>& file) {
        std::optional<git::DiffSide> made;
        if (file)
            made = git::DiffSide{path, {file->id, file->mode}, {}};
        if (file && file->text)
            made->text = *file->text;
        return made;
    };
    std::vector<std::pair<std::optional<git::DiffSide>, std::optional<git::DiffSide>>> files;
    for (const auto& [path, change] : changes) {
        if (went.contains(path))
            continue;
        auto from = came_from.find(path);
        const std::string& old_path = from == came_from.end() ? path : from->second;
        files.emplace_back(side(old_path, changes.at(old_path).first), side(path, change.second));
    }
    return git::diff_files(repository, files, options);
}

} // namespace quire::history
