#include "history/trail.h"

#include <map>
#include <queue>

#include "git/commit_source.h"
#include "git/raw_tree.h"
#include "history/block_elsewhere.h"
#include "history/path_look.h"
#include "history/path_origin.h"

namespace quire::history {

/// Names of one file; a history that has more was made to have them.
constexpr size_t max_names = 100;
/// Files of a commit that one removed file is compared with.
constexpr size_t max_added = 500;

std::string_view name_of(TrailKind kind)
{
    switch (kind) {
    case TrailKind::introduced:
        return "introduced";
    case TrailKind::renamed:
        return "renamed";
    case TrailKind::copied:
        return "copied";
    case TrailKind::split:
        return "split";
    case TrailKind::removed:
        return "removed";
    }
    return "";
}

namespace {

struct Place {
    uint32_t commit = 0;
    std::string path;
};

class Tracker {
public:
    Tracker(const git::Repository& repository, const Patience& patience)
        : m_repository(repository), m_patience(patience), m_commits(repository), m_texts(repository.objects())
    {}

    Result<Trail> find(const git_oid& tip_id, const git_oid& commit_id, const std::string& path)
    {
        auto tip = m_commits.find(tip_id), commit = m_commits.find(commit_id);
        if (!tip || !commit)
            return fail(ErrorKind::not_found, "there is no such commit here");
        Trail trail;
        std::optional<Place> last = go_forwards(*tip, path, trail);
        if (!last && *commit != *tip) {
            trail = {};
            last = go_forwards(*commit, path, trail);
        }
        if (!last && m_patience.is_over())
            return fail(ErrorKind::busy, "{}: its history takes too long", path);
        if (!last)
            return fail(ErrorKind::not_found, "{}: no file of that name in the history of {}", path,
                        git::to_string(commit_id));
        trail.commit = m_commits.id(last->commit);
        trail.path = last->path;
        go_back(std::move(*last), trail);
        trail.is_partial = m_patience.is_over();
        return trail;
    }

private:
    std::optional<git::PathFinder::Found> file_at(uint32_t commit, const std::string& path)
    {
        git::CommitNode node;
        m_commits.read(commit, node);
        auto found = look(path).finder.find(node.tree);
        return found && found->mode.starts_with("100") ? found : std::nullopt;
    }

    PathLook& look(const std::string& path) { return m_looks.try_emplace(path, m_repository, path).first->second; }

    Changes changes_of(uint32_t commit, uint32_t parent)
    {
        git::CommitNode node, parent_node;
        m_commits.read(commit, node);
        m_commits.read(parent, parent_node);
        return {m_repository.objects(), parent_node.tree, node.tree, m_patience};
    }

    /// Where the file is at `tip`, or where it was last, under the name that it had there.
    std::optional<Place> go_forwards(uint32_t tip, std::string path, Trail& trail)
    {
        for (size_t names = 0; names < max_names; ++names) {
            if (file_at(tip, path))
                return Place{tip, path};
            auto removal = find_removal(tip, path);
            if (!removal)
                return std::nullopt;
            auto [commit, parent] = *removal;
            std::optional<std::string> next = name_after(commit, parent, path);
            if (!next) {
                trail.stops.push_back({m_commits.id(commit), TrailKind::removed, path, m_commits.id(parent), path, 0});
                return Place{parent, path};
            }
            path = *next;
        }
        return std::nullopt;
    }

    /// The newest commit on the way to `tip` that removed the path, and its parent that has it.
    std::optional<std::pair<uint32_t, uint32_t>> find_removal(uint32_t tip, const std::string& path)
    {
        PathLook& wanted = look(path);
        git::CommitSet seen;
        std::priority_queue<git::Turn> queue;
        auto push = [&](uint32_t commit) {
            if (!seen.add(commit))
                return;
            git::CommitNode node;
            m_commits.read(commit, node);
            queue.push({node.generation, node.when, commit});
        };
        push(tip);
        while (!queue.empty() && !m_patience.is_over()) {
            uint32_t commit = queue.top().commit;
            queue.pop();
            git::CommitNode node;
            m_commits.read(commit, node);
            if (node.parents.empty())
                continue;
            if (!wanted.may_have_changed(m_commits, commit)) {
                push(node.parents[0]);
                continue;
            }
            std::optional<uint32_t> without, with;
            for (uint32_t parent : node.parents)
                (file_at(parent, path) ? with : without) = parent;
            if (without)
                push(*without); // it was gone there already
            else if (with)
                return std::pair(commit, *with);
        }
        return std::nullopt;
    }

    /// What goes on with the file that the commit removed.
    std::optional<std::string> name_after(uint32_t commit, uint32_t parent, const std::string& path)
    {
        Changes changes = changes_of(commit, parent);
        std::optional<std::string> best;
        double most = 0;
        size_t looked_at = 0;
        for (const git::TreeChange& change : changes.all()) {
            if (change.before || !change.after || ++looked_at > max_added || m_patience.is_over())
                continue;
            auto origin = find_path_origin(m_repository.objects(), changes, change.path, change.after->id, m_patience);
            if (origin && origin->path == path && origin->similarity > most) {
                most = origin->similarity;
                best = change.path;
            }
        }
        return best;
    }

    void go_back(Place place, Trail& trail)
    {
        while (trail.stops.size() < max_names && !m_patience.is_over()) {
            git::CommitNode node;
            m_commits.read(place.commit, node);
            if (!node.parents.empty() && !look(place.path).may_have_changed(m_commits, place.commit)) {
                place.commit = node.parents[0];
                continue;
            }
            if (auto parent = parent_with_file(node, place)) {
                place.commit = *parent;
                continue;
            }
            TrailStop stop = origin_of(node, place);
            bool goes_on = stop.parent.has_value();
            std::string before = stop.before;
            trail.stops.push_back(std::move(stop));
            if (!goes_on)
                return;
            place = {*m_commits.find(*trail.stops.back().parent), before};
        }
    }

    /// The one that has it as it is, else the first that has it at all.
    std::optional<uint32_t> parent_with_file(const git::CommitNode& node, const Place& place)
    {
        auto here = file_at(place.commit, place.path);
        std::optional<uint32_t> first;
        for (uint32_t parent : node.parents) {
            auto there = file_at(parent, place.path);
            if (there && here && git::is_same(there->id, here->id))
                return parent;
            if (there && !first)
                first = parent;
        }
        return first;
    }

    TrailStop origin_of(const git::CommitNode& node, const Place& place)
    {
        TrailStop stop{m_commits.id(place.commit), TrailKind::introduced, place.path, {}, "", 0};
        auto here = file_at(place.commit, place.path);
        for (uint32_t parent : node.parents) {
            if (!here)
                break;
            Changes changes = changes_of(place.commit, parent);
            auto set = [&](TrailKind kind, const std::string& before, double similarity) {
                stop = {stop.commit, kind, place.path, m_commits.id(parent), before, similarity};
            };
            if (auto origin = find_path_origin(m_repository.objects(), changes, place.path, here->id, m_patience)) {
                set(TrailKind::renamed, origin->path, origin->similarity);
                return stop;
            }
            auto text = m_texts.read(here->id, place.path);
            LineRange all{0, text ? text->line_count() : 0};
            if (auto part = all.empty() ? std::nullopt
                                        : find_block_elsewhere(m_texts, changes, place.path, here->id, all, nullptr,
                                                               m_patience)) {
                set(TrailKind::split, part->path, part->similarity);
                return stop;
            }
            if (auto original = find_same_file(parent, here->id)) {
                set(TrailKind::copied, *original, 1);
                return stop;
            }
        }
        return stop;
    }

    /// A file of that content.
    std::optional<std::string> find_same_file(uint32_t commit, const git_oid& blob)
    {
        git::CommitNode node;
        m_commits.read(commit, node);
        auto header = m_repository.objects().header(blob);
        constexpr size_t telling_size = 64; // an empty file is a copy of nothing
        if (!header || header->size < telling_size)
            return std::nullopt;
        std::optional<std::string> found;
        git::each_change(m_repository.objects(), std::nullopt, node.tree,
                         {.paths = 100'000, .path_bytes = 16u << 20, .patience = m_patience},
                         [&](const git::TreeChange& file) {
                             if (!found && file.after && git::is_same(file.after->id, blob))
                                 found = file.path;
                         });
        return found;
    }

    const git::Repository& m_repository;
    const Patience& m_patience;
    git::CommitSource m_commits;
    Texts m_texts;
    std::map<std::string, PathLook> m_looks;
};

} // namespace

Result<Trail> find_trail(const git::Repository& repository, const git_oid& tip, const git_oid& commit,
                         const std::string& path, const Patience& patience)
{
    return Tracker(repository, patience).find(tip, commit, path);
}

} // namespace quire::history
