#include "git/reachability.h"

#include <algorithm>
#include <queue>

#include "git/commit_source.h"

namespace quire::git {

constexpr size_t between_looks = 1024; ///< steps between looks at the clock

namespace {

/// Walks from two tips at once, descendants first, until all that is left belongs to both. Commits outside the graph
/// come by their dates, which may be equal or go back: one that gets another colour after its visit is visited again.
class PartingWalk {
public:
    explicit PartingWalk(const Repository& repository) : m_commits(repository) {}

    /// Returns false if it needs more steps.
    bool run(const git_oid& base, const git_oid& tip, size_t steps, const Patience& patience)
    {
        auto a = m_commits.find(tip), b = m_commits.find(base);
        if (!a || !b)
            return false;
        paint(*a, of_tip);
        paint(*b, of_base);
        while (m_pending > 0) {
            if (steps == 0 || (steps % between_looks == 0 && patience.is_over()))
                return false;
            --steps;
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            State& state = m_states[commit];
            m_pending -= state.is_pending;
            state.is_queued = state.is_pending = false;
            state.is_visited = true;
            unsigned colours = state.colours; // a copy, because paint() may move m_states
            m_commits.read(commit, m_node);
            if (colours == both && !m_ancestor)
                m_ancestor = commit;
            if (colours == of_tip)
                m_of_tip.emplace_back(m_node.when, commit);
            m_parents = m_node.parents;
            for (uint32_t parent : m_parents)
                paint(parent, colours);
        }
        return true;
    }

    /// The common commit that comes after all other common ones.
    std::optional<git_oid> ancestor()
    {
        for (; !m_ancestor && !m_queue.empty(); m_queue.pop())
            if (m_states[m_queue.top().commit].colours == both)
                m_ancestor = m_queue.top().commit;
        return m_ancestor ? std::optional(m_commits.id(*m_ancestor)) : std::nullopt;
    }

    /// The newest first.
    std::vector<git_oid> only_of_tip(size_t count)
    {
        std::erase_if(m_of_tip, [&](const auto& found) { return m_states[found.second].colours != of_tip; });
        std::stable_sort(m_of_tip.begin(), m_of_tip.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<git_oid> ids;
        for (size_t i = 0; i < m_of_tip.size() && i < count; ++i)
            ids.push_back(m_commits.id(m_of_tip[i].second));
        return ids;
    }

private:
    static constexpr unsigned of_tip = 1, of_base = 2, both = 3;
    struct State {
        uint8_t colours : 2 = 0;
        bool is_queued : 1 = false, is_visited : 1 = false;
        bool is_pending : 1 = false; ///< queued, and it lacks a colour or was visited before
    };
    void paint(uint32_t commit, unsigned colours)
    {
        State& state = m_states[commit];
        unsigned painted = state.colours | colours;
        if (painted == state.colours)
            return;
        state.colours = static_cast<uint8_t>(painted & both);
        bool is_pending = painted != both || state.is_visited;
        m_pending -= state.is_pending;
        m_pending += is_pending;
        state.is_pending = is_pending;
        if (state.is_queued)
            return;
        state.is_queued = true;
        m_commits.read(commit, m_node);
        m_queue.push({m_node.generation, m_node.when, commit});
    }

    CommitSource m_commits;
    CommitNode m_node;
    CommitMap<State> m_states;
    std::priority_queue<Turn> m_queue;
    size_t m_pending = 0;
    std::optional<uint32_t> m_ancestor;
    std::vector<std::pair<int64_t, uint32_t>> m_of_tip; ///< date and commit
    std::vector<uint32_t> m_parents;
};

/// Searches depth first from each tip. What it learns about a commit also serves the tips that follow.
class Holders {
public:
    Holders(const Repository& repository, size_t steps, const Patience& patience)
        : m_commits(repository), m_steps(steps), m_patience(patience)
    {}

    std::optional<std::vector<bool>> find(const git_oid& wanted, const std::vector<git_oid>& tips)
    {
        auto target = m_commits.find(wanted);
        if (!target)
            return std::nullopt;
        m_target = *target;
        m_commits.read(m_target, m_node);
        m_generation = m_node.generation;
        m_oldest = m_node.when - slack;
        std::vector<bool> result;
        for (const git_oid& id : tips) {
            auto tip = m_commits.find(id);
            auto holds = tip ? search(*tip) : std::optional(false);
            if (!holds)
                return std::nullopt;
            result.push_back(*holds);
        }
        return result;
    }

private:
    enum class Known : unsigned char { nothing, no, yes };
    struct Step {
        uint32_t commit = 0;
        uint32_t parents = 0, next = 0; ///< how many there are, and the next one to look at
    };
    /// Committers' clocks differ: a descendant of the commit is still searched if it is older by no more than this.
    static constexpr int64_t slack = 7 * 24 * 3600;

    /// What is known about a commit without looking further back.
    Known judge(uint32_t commit)
    {
        if (commit == m_target)
            return Known::yes;
        if (Known known = m_known[commit]; known != Known::nothing)
            return known;
        m_commits.read(commit, m_node);
        bool is_too_old = m_node.generation <= m_generation && m_node.generation != UINT32_MAX;
        return is_too_old || (m_node.generation == UINT32_MAX && m_node.when < m_oldest) ? Known::no : Known::nothing;
    }

    std::optional<bool> search(uint32_t tip)
    {
        if (Known known = judge(tip); known != Known::nothing)
            return known == Known::yes;
        std::vector<Step> way;
        auto descend = [&](uint32_t commit) {
            way.push_back({commit, static_cast<uint32_t>(m_node.parents.size()), 0});
        };
        descend(tip);
        for (bool is_read = true; !way.empty();) { // whether m_node holds the commit of the last step
            Step& step = way.back();
            if (step.next == step.parents) {
                m_known[step.commit] = Known::no;
                way.pop_back();
                is_read = false;
                continue;
            }
            if (m_steps == 0 || (m_steps-- % between_looks == 0 && m_patience.is_over()))
                return std::nullopt;
            if (!is_read)
                m_commits.read(step.commit, m_node);
            uint32_t parent = m_node.parents[step.next++];
            Known known = judge(parent);
            is_read = known == Known::nothing;
            if (known == Known::yes) {
                for (const Step& passed : way)
                    m_known[passed.commit] = Known::yes;
                return true;
            }
            if (known == Known::nothing)
                descend(parent);
        }
        return false;
    }

    CommitSource m_commits;
    CommitNode m_node;
    size_t m_steps;
    const Patience& m_patience;
    uint32_t m_target = 0, m_generation = 0;
    int64_t m_oldest = 0;
    CommitMap<Known> m_known;
};

} // namespace

Result<Parting> find_parting(const Repository& repository, const git_oid& base, const git_oid& tip, size_t count,
                             size_t steps, const Patience& patience)
{
    PartingWalk walk(repository);
    if (!walk.run(base, tip, steps, patience))
        return fail(ErrorKind::refused, "These two diverged too long ago to be compared here.");
    Parting result;
    for (const git_oid& id : walk.only_of_tip(count))
        result.commits.push_back(TRY(repository.commit(id)));
    result.ancestor = walk.ancestor();
    return result;
}

std::optional<std::vector<bool>> tips_that_hold(const Repository& repository, const git_oid& commit,
                                                const std::vector<git_oid>& tips, size_t steps,
                                                const Patience& patience)
{
    return Holders(repository, steps, patience).find(commit, tips);
}

} // namespace quire::git
