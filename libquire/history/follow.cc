#include "history/follow.h"

#include <algorithm>
#include <map>
#include <queue>

#include "history/block_elsewhere.h"
#include "history/block_match.h"
#include "history/near_match.h"
#include "history/path_look.h"
#include "history/path_origin.h"

namespace quire::history {

std::string_view name_of(StepKind kind)
{
    switch (kind) {
    case StepKind::introduced:
        return "introduced";
    case StepKind::changed:
        return "changed";
    case StepKind::comments:
        return "comments";
    case StepKind::blanks:
        return "blanks";
    case StepKind::moved:
        return "moved";
    }
    return "";
}

namespace {

bool is_plain_file(const git::PathFinder::Found& found) { return found.mode.starts_with("100"); }

/// Where the block is in one parent.
struct Found {
    uint32_t parent = 0;
    FilePart part;
    Sameness sameness = Sameness::same;
    double similarity = 1;
    std::optional<double> certainty = {}; ///< if it is in another file
};

struct State {
    uint32_t commit = 0;
    FilePart part;
};

class Follower {
public:
    Follower(const git::Repository& repository, const FollowQuery& query, const std::function<void(Step)>& take)
        : m_repository(repository), m_query(query), m_take(take), m_commits(repository), m_texts(repository.objects())
    {}

    Result<FollowRest> run()
    {
        for (const FollowPoint& point : m_query.from) {
            auto commit = m_commits.find(point.commit);
            if (!commit)
                return fail(ErrorKind::not_found, "there is no commit {} here", git::to_string(point.commit));
            TRY(check(*commit, point.part));
            push({*commit, point.part});
        }
        size_t looked_at = 0;
        while (!m_queue.empty()) {
            FollowEnd end = m_steps >= m_query.max_steps ? FollowEnd::enough_steps
                            : m_query.patience.is_over() ? FollowEnd::late
                            : ++looked_at > m_query.max_commits || m_texts.bytes() > m_query.max_bytes
                                ? FollowEnd::too_much
                                : FollowEnd::complete;
            if (end != FollowEnd::complete)
                return FollowRest{end, rest()};
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            auto waiting = m_waiting.extract(commit);
            for (const FilePart& part : waiting.mapped())
                visit({commit, part});
        }
        return FollowRest{};
    }

private:
    Result<void> check(uint32_t commit, const FilePart& part)
    {
        git::CommitNode node;
        m_commits.read(commit, node);
        auto file = look(part.path).finder.find(node.tree);
        std::string id = git::to_string(m_commits.id(commit));
        if (!file)
            return fail(ErrorKind::not_found, "{}: no such path at {}", part.path, id);
        if (!is_plain_file(*file))
            return fail(ErrorKind::invalid, "{}: not a file at {}", part.path, id);
        auto text = m_texts.read(file->id, part.path);
        if (!text)
            return fail(ErrorKind::refused, "{}: more than {} bytes, too large to follow", part.path, max_file_bytes);
        if (text->content().substr(0, 8000).find('\0') != std::string_view::npos)
            return fail(ErrorKind::invalid, "{}: not a text at {}", part.path, id);
        uint32_t lines = text->lines().size();
        if (part.lines.empty() || part.lines.end > lines)
            return fail(ErrorKind::invalid, "{}: lines {} to {}: it has {} at {}", part.path, part.lines.begin + 1,
                        part.lines.end, lines, id);
        return {};
    }

    void push(State state)
    {
        auto [waiting, is_new] = m_waiting.try_emplace(state.commit);
        if (is_new) {
            git::CommitNode node;
            m_commits.read(state.commit, node);
            m_queue.push({node.generation, node.when, state.commit});
        }
        // Two ways that lead to one place are one from there on.
        for (FilePart& part : waiting->second) {
            bool overlaps = part.path == state.part.path && part.lines.begin < state.part.lines.end &&
                            state.part.lines.begin < part.lines.end;
            if (!overlaps)
                continue;
            part.lines = {std::min(part.lines.begin, state.part.lines.begin),
                          std::max(part.lines.end, state.part.lines.end)};
            return;
        }
        waiting->second.push_back(std::move(state.part));
    }

    std::vector<FollowPoint> rest() const
    {
        std::vector<FollowPoint> points;
        for (const auto& [commit, parts] : m_waiting)
            for (const FilePart& part : parts)
                points.push_back({m_commits.id(commit), part});
        return points;
    }

    PathLook& look(const std::string& path) { return m_looks.try_emplace(path, m_repository, path).first->second; }

    void visit(const State& state)
    {
        git::CommitNode node;
        m_commits.read(state.commit, node);
        PathLook& path = look(state.part.path);
        if (!node.parents.empty() && !path.may_have_changed(m_commits, state.commit))
            return push({node.parents[0], state.part});
        auto file = path.finder.find(node.tree);
        if (!file)
            return; // a repository that lacks objects
        std::vector<std::optional<git::PathFinder::Found>> files;
        for (uint32_t parent : node.parents) {
            git::CommitNode parent_node;
            m_commits.read(parent, parent_node);
            files.push_back(path.finder.find(parent_node.tree));
            if (files.back() && git::is_same(files.back()->id, file->id))
                return push({parent, state.part});
        }
        std::vector<Found> found;
        for (size_t i = 0; i < node.parents.size(); ++i) {
            auto origin = find_in_parent(state, node, node.parents[i], file->id, files[i]);
            if (!origin)
                continue;
            if (origin->sameness == Sameness::same && node.parents.size() > 1)
                return push({origin->parent, origin->part});
            found.push_back(std::move(*origin));
        }
        settle(state, std::move(found), node.parents.size());
    }

    /// Reports what the commit did, and goes on with the parents that have the block.
    void settle(const State& state, std::vector<Found> found, size_t parents)
    {
        if (found.empty())
            return report({m_commits.id(state.commit), StepKind::introduced, {}, {}, state.part, 0});
        auto nearest = std::min_element(found.begin(), found.end(), [](const Found& a, const Found& b) {
            return a.sameness != b.sameness ? a.sameness < b.sameness : a.similarity > b.similarity;
        });
        bool is_pass = parents > 1 && nearest->sameness != Sameness::differs;
        StepKind kind = nearest->sameness == Sameness::differs    ? StepKind::changed
                        : nearest->sameness == Sameness::comments ? StepKind::comments
                        : nearest->sameness == Sameness::blanks   ? StepKind::blanks
                                                                  : StepKind::moved;
        bool is_shown = !is_pass && (kind != StepKind::moved || nearest->part.path != state.part.path);
        if (is_shown)
            report({m_commits.id(state.commit), kind, m_commits.id(nearest->parent), nearest->part, state.part,
                    nearest->similarity, nearest->certainty});
        if (is_pass)
            return push({nearest->parent, nearest->part});
        for (Found& one : found)
            push({one.parent, std::move(one.part)});
    }

    void report(Step step)
    {
        ++m_steps;
        m_take(std::move(step));
    }

    std::optional<Found> find_in_parent(const State& state, const git::CommitNode& node, uint32_t parent,
                                        const git_oid& blob, const std::optional<git::PathFinder::Found>& file)
    {
        git::CommitNode parent_node;
        m_commits.read(parent, parent_node);
        std::optional<Changes> changes;
        auto get_changes = [&]() -> const Changes& {
            if (!changes)
                changes.emplace(m_repository.objects(), parent_node.tree, node.tree, m_query.patience);
            return *changes;
        };
        std::string old_path = state.part.path;
        std::optional<git_oid> old_blob;
        if (file && is_plain_file(*file)) {
            old_blob = file->id;
        } else if (auto origin = find_path_origin(m_repository.objects(), get_changes(), state.part.path, blob,
                                                  m_query.patience)) {
            old_path = origin->path;
            old_blob = origin->blob;
        }
        const LineRange block = state.part.lines;
        std::optional<TextMatch> match;
        std::shared_ptr<Text> before, after = m_texts.read(blob, state.part.path);
        bool is_renamed = old_path != state.part.path;
        if (old_blob && git::is_same(blob, *old_blob))
            return Found{parent, {old_path, block}, Sameness::same, 1, is_renamed ? std::optional(1.0) : std::nullopt};
        if (old_blob)
            before = m_texts.read(*old_blob, old_path);
        if (!after)
            return std::nullopt;
        auto in_file = [&](LineRange lines, Sameness sameness, double similarity) {
            Found found{parent, {old_path, lines}, sameness, similarity};
            if (is_renamed)
                found.certainty = certainty_of(evidence_in_renamed(*before, lines, *after, block, similarity));
            return found;
        };
        if (before) {
            NearMatch near(*before, *after, block);
            if (auto lines = near.find_untouched())
                return in_file(*lines, Sameness::same, 1);
            if (auto found = near.find_changed())
                return in_file(found->lines, found->sameness, found->similarity);
            match.emplace(before->lines(), after->lines());
            if (auto origin = find_block(*match, block))
                return in_file(origin->lines, compare(before->lines(), origin->lines, after->lines(), block),
                               origin->similarity);
        }
        auto elsewhere = find_block_elsewhere(m_texts, get_changes(), state.part.path, blob, block,
                                              match ? &*match : nullptr, m_query.patience);
        double certainty = elsewhere ? certainty_of(elsewhere->evidence) : 0;
        if (certainty < least_certainty)
            return std::nullopt;
        return Found{
            parent, {elsewhere->path, elsewhere->lines}, elsewhere->sameness, elsewhere->similarity, certainty};
    }

    const git::Repository& m_repository;
    const FollowQuery& m_query;
    const std::function<void(Step)>& m_take;
    git::CommitSource m_commits;
    Texts m_texts;
    std::map<std::string, PathLook> m_looks;
    std::priority_queue<git::Turn> m_queue;
    std::map<uint32_t, std::vector<FilePart>> m_waiting;
    size_t m_steps = 0;
};

} // namespace

Result<FollowRest> follow_lines(const git::Repository& repository, const FollowQuery& query,
                                const std::function<void(Step)>& take)
{
    return Follower(repository, query, take).run();
}

} // namespace quire::history
