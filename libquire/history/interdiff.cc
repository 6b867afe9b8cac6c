#include "history/interdiff.h"

#include <algorithm>
#include <set>

#include "git/merge_file.h"
#include "git/renames.h"

namespace quire::history {

using File = std::optional<FileValue>;
using Changes = TreeView::Changes;

namespace {

/// What a version did to its parent.
struct Version {
    TreeView before, after;
    Changes changes;
    std::map<std::string, std::string> came_from, went_to; ///< renames, by the new name and by the old one
};

/// What carrying over made of a file, and how it was called in the old version and its parent.
struct Carried {
    File file;
    std::string old_path, old_base;
    bool is_clean = true;
};

class Comparison {
public:
    Comparison(const git::Repository& repository, const git::DiffOptions& options, Version old_version, Version version)
        : m_repository(repository), m_options(options), m_old(std::move(old_version)), m_new(std::move(version))
    {
        find_renames(m_old);
        find_renames(m_new);
    }

    /// The files that differ when the old version has been carried over.
    Changes run()
    {
        for (const auto& [path, change] : m_old.changes)
            if (!m_old.went_to.contains(path))
                carry(path, change);
        for (const auto& [path, change] : m_new.changes)
            m_carried.try_emplace(path, Carried{m_new.before.find(path), path, path, true});
        Changes left;
        for (const auto& [path, carried] : m_carried)
            if (File now = m_new.after.find(path); !(carried.file == now) && !is_same_patch(path, carried, now)) {
                left[path] = {carried.file, now};
                if (!carried.is_clean)
                    m_unmerged.insert(path);
            }
        return left;
    }

    /// Of the files that differ, those that could not be carried over without a conflict.
    const std::set<std::string>& unmerged() const { return m_unmerged; }
    bool is_late() const { return m_options.names.patience.is_over(); }

private:
    void find_renames(Version& version)
    {
        std::vector<git::TreeChange> list = tree_changes(version.changes);
        for (const auto& [from, to] : git::find_renames(m_repository.objects(), list, m_options.names.patience)) {
            version.came_from[list[to].path] = list[from].path;
            version.went_to[list[from].path] = list[to].path;
        }
    }

    /// Where a file of the old parent is in the new one; "" if it is gone.
    std::string place_in_new_parent(const std::string& path)
    {
        if (m_new.before.find(path))
            return path;
        if (!m_upstream) {
            m_upstream.emplace();
            git::TreeEnd end;
            std::vector<git::TreeChange> list = tree_changes(m_old.before.changes(m_new.before, m_options.names, end));
            for (const auto& [from, to] : git::find_renames(m_repository.objects(), list, m_options.names.patience))
                (*m_upstream)[list[from].path] = list[to].path;
        }
        auto found = m_upstream->find(path);
        return found == m_upstream->end() ? std::string() : found->second;
    }

    /// Takes one change of the old version over to the new parent.
    void carry(const std::string& path, const Changes::mapped_type& change)
    {
        auto renamed = m_old.came_from.find(path);
        std::string base_path = renamed == m_old.came_from.end() ? path : renamed->second;
        File base = renamed == m_old.came_from.end() ? change.first : m_old.before.find(base_path);
        if (!change.second && !m_new.before.find(path))
            return; // both removed it
        std::string there = base ? place_in_new_parent(base_path) : path;
        bool parts = base_path != path && !there.empty() && there != base_path && there != path;
        if (parts) { // renamed in between too, to something else: a conflict, or no rename after all
            base.reset();
            there = path;
        }
        File theirs = there.empty() ? std::nullopt : m_new.before.find(there);
        bool is_renamed = base_path != path;
        const std::string& target = is_renamed || there.empty() ? path : there;
        if (is_renamed && there == base_path)
            m_carried[there] = {std::nullopt, base_path, base_path, true};
        m_carried[target] = merged(base, change.second, theirs, path, base_path);
    }

    Carried merged(const File& base, const File& ours, const File& theirs, const std::string& path,
                   const std::string& base_path)
    {
        Carried carried{ours, path, base_path, true};
        if (theirs == base || ours == theirs)
            return carried;
        if (ours == base) {
            carried.file = theirs;
            return carried;
        }
        carried.is_clean = false;
        if (!ours || !theirs)
            return carried;
        auto texts = texts_of({&base, &ours, &theirs});
        auto text = texts ? git::merge_texts((*texts)[0], (*texts)[1], (*texts)[2]) : std::nullopt;
        if (!text)
            return carried;
        carried.is_clean = text->is_clean;
        // A mode that only the other side changed is theirs.
        git_filemode_t mode = base && base->mode == ours->mode ? theirs->mode : ours->mode;
        carried.file = made_file(std::move(text->text), mode);
        return carried;
    }

    /// nullopt if one is no text.
    std::optional<std::vector<std::string>> texts_of(std::vector<const File*> files) const
    {
        std::vector<std::string> texts;
        for (const File* file : files) {
            auto text = *file ? TreeView::content(m_repository.objects(), **file) : std::string();
            if (!text)
                return std::nullopt;
            texts.push_back(std::move(*text));
        }
        return texts;
    }

    /// Whether both versions do the same to the file, although the merge does not say so.
    bool is_same_patch(const std::string& path, const Carried& carried, const File& now)
    {
        auto renamed = m_new.came_from.find(path);
        const std::string& base_path = renamed == m_new.came_from.end() ? path : renamed->second;
        File old_base = m_old.before.find(carried.old_base), old_file = m_old.after.find(carried.old_path);
        File base = m_new.before.find(base_path);
        auto did_not = [](const File& one, const File& other) { return one.has_value() != other.has_value(); };
        if (did_not(old_base, base) || did_not(old_file, now))
            return false;
        if (!now)
            return true; // both removed it
        if (!base || old_base == base)
            return false;
        if ((old_base->mode == old_file->mode) != (base->mode == now->mode))
            return false;
        auto texts = texts_of({&old_base, &old_file, &base, &now});
        return texts && (is_carried((*texts)[0], (*texts)[1], (*texts)[2], (*texts)[3]) ||
                         (!carried.is_clean && has_same_hunks((*texts)[0], (*texts)[1], (*texts)[2], (*texts)[3])));
    }

    /// Whether another way to match lines carries one version over to the other, in either direction.
    static bool is_carried(const std::string& old_base, const std::string& old_file, const std::string& base,
                           const std::string& file)
    {
        for (git::Matching matching : {git::Matching::usual, git::Matching::patience, git::Matching::minimal}) {
            auto forth = git::merge_texts(old_base, old_file, base, matching);
            if (forth && forth->is_clean && forth->text == file)
                return true;
            auto back = git::merge_texts(base, file, old_base, matching);
            if (back && back->is_clean && back->text == old_file)
                return true;
        }
        return false;
    }

    /// Whether both patches take away and add the same lines, wherever they stand.
    bool has_same_hunks(const std::string& old_base, const std::string& old_file, const std::string& base,
                        const std::string& file)
    {
        auto patch = [&](const std::string& before, const std::string& after) {
            git::TreeSide side{.mode = GIT_FILEMODE_BLOB};
            git::Diff diff = git::diff_files(
                m_repository, {{git::DiffSide{"", side, before}, git::DiffSide{"", side, after}}}, m_options);
            std::string text;
            for (const git::FileDiff& one : diff.files)
                for (const git::DiffHunk& hunk : one.hunks)
                    for (const git::DiffLine& line : hunk.lines)
                        if (line.origin != ' ')
                            text.append(1, line.origin).append(line.text).append("\n");
            return diff.is_cut ? std::nullopt : std::optional(text);
        };
        auto one = patch(old_base, old_file), other = patch(base, file);
        return one && other && !one->empty() && *one == *other;
    }

    const git::Repository& m_repository;
    const git::DiffOptions& m_options;
    Version m_old, m_new;
    std::map<std::string, Carried> m_carried;
    std::optional<std::map<std::string, std::string>> m_upstream; ///< what was renamed between the parents
    std::set<std::string> m_unmerged;
};

} // namespace

namespace {

/// What a merge is compared with.
enum class Base { merged, first_parent };

} // namespace

static Result<Version> read_version(const git::Repository& repository, const git::CommitInfo& commit, Base base,
                                    const git::TreeBudget& budget, bool& is_partial)
{
    TreeView before = TRY(base == Base::merged ? TreeView::merged_before(repository, commit, budget)
                                               : TreeView::before(repository, commit, budget));
    TreeView after = TreeView::of(repository, commit, budget);
    git::TreeEnd end;
    Changes changes = before.changes(after, budget, end);
    is_partial |= end.is_cut || end.is_late;
    return Version{std::move(before), std::move(after), std::move(changes), {}, {}};
}

Result<Interdiff> find_interdiff(const git::Repository& repository, const git_oid& from, const git_oid& to,
                                 const git::DiffOptions& options)
{
    git::CommitInfo one = TRY(repository.commit(from)), other = TRY(repository.commit(to));
    Interdiff result;
    result.has_new_message = one.message != other.message;
    result.is_rebased =
        !std::equal(one.parents.begin(), one.parents.end(), other.parents.begin(), other.parents.end(), git::is_same);
    Changes left;
    std::set<std::string> unmerged;
    auto compare = [&](Base base) -> Result<void> {
        Comparison comparison(repository, options,
                              TRY(read_version(repository, one, base, options.names, result.is_partial)),
                              TRY(read_version(repository, other, base, options.names, result.is_partial)));
        Changes found = comparison.run();
        if (base == Base::first_parent)
            std::erase_if(left, [&](const auto& file) { return !found.contains(file.first); });
        else
            left = std::move(found);
        if (base == Base::merged)
            unmerged = comparison.unmerged();
        result.is_partial |= comparison.is_late();
        return {};
    };
    TRY(compare(Base::merged));
    if (!left.empty() && (one.parents.size() > 1 || other.parents.size() > 1))
        TRY(compare(Base::first_parent));
    result.diff = diff_changes(repository, left, options);
    result.unmerged = static_cast<size_t>(
        std::count_if(unmerged.begin(), unmerged.end(), [&](const auto& path) { return left.contains(path); }));
    return result;
}

} // namespace quire::history
