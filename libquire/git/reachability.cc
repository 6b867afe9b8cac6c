#include "git/reachability.h"

#include <queue>
#include <unordered_map>

#include "git/commit_source.h"

namespace quire::git {

namespace {

/// Walks from two tips at once, descendants first, until everything left belongs to both. Commits outside the graph come
/// by their dates, which may tie or go back: one that gets another colour after it was visited is visited again.
class Parting {
public:
    explicit Parting(const Repository& repository) : m_commits(repository) {}

    std::optional<AheadBehind> count(const git_oid& tip, const git_oid& base, size_t& steps)
    {
        auto a = m_commits.find(tip), b = m_commits.find(base);
        if (!a || !b)
            return std::nullopt;
        paint(*a, of_tip);
        paint(*b, of_base);
        while (m_pending > 0) {
            if (steps == 0)
                return std::nullopt;
            --steps;
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            State& state = m_states[commit];
            m_pending -= state.is_pending;
            state.is_queued = state.is_pending = false;
            state.is_visited = true;
            unsigned colours = state.colours; // painting may move m_states
            m_commits.read(commit, m_node);
            for (uint32_t parent : std::vector<uint32_t>(m_node.parents))
                paint(parent, colours);
        }
        AheadBehind result;
        for (const auto& [commit, state] : m_states) {
            result.ahead += state.colours == of_tip;
            result.behind += state.colours == of_base;
        }
        return result;
    }

private:
    static constexpr unsigned of_tip = 1, of_base = 2, both = 3;
    struct State {
        unsigned colours = 0;
        bool is_queued = false, is_visited = false;
        bool is_pending = false; ///< queued, and not just something of both that nobody has seen yet
    };
    struct Waiting {
        uint32_t generation = 0;
        int64_t when = 0;
        uint32_t commit = 0;
        bool operator<(const Waiting& other) const
        {
            return generation != other.generation ? generation < other.generation : when < other.when;
        }
    };

    void paint(uint32_t commit, unsigned colours)
    {
        State& state = m_states[commit];
        unsigned painted = state.colours | colours;
        if (painted == state.colours)
            return;
        state.colours = painted;
        bool is_pending = painted != both || state.is_visited;
        m_pending -= state.is_pending;
        m_pending += is_pending;
        state.is_pending = is_pending;
        if (std::exchange(state.is_queued, true))
            return;
        m_commits.read(commit, m_node);
        m_queue.push({m_node.generation, m_node.when, commit});
    }

    CommitSource m_commits;
    CommitNode m_node;
    std::unordered_map<uint32_t, State> m_states;
    std::priority_queue<Waiting> m_queue;
    size_t m_pending = 0;
};

/// Depth first from each tip; what was found out about a commit serves the next tip too.
class Holders {
public:
    Holders(const Repository& repository, size_t steps) : m_commits(repository), m_steps(steps) {}

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
        std::vector<uint32_t> parents;
        size_t next = 0;
    };
    /// Clocks of committers differ; a commit that is older than its descendant's ancestor by more than this is missed.
    static constexpr int64_t slack = 7 * 24 * 3600;

    /// What can be said without looking further back.
    Known judge(uint32_t commit)
    {
        if (commit == m_target)
            return Known::yes;
        if (auto known = m_known.find(commit); known != m_known.end())
            return known->second;
        m_commits.read(commit, m_node);
        bool is_too_old = m_node.generation <= m_generation && m_node.generation != UINT32_MAX;
        return is_too_old || (m_node.generation == UINT32_MAX && m_node.when < m_oldest) ? Known::no : Known::nothing;
    }

    std::optional<bool> search(uint32_t tip)
    {
        if (Known known = judge(tip); known != Known::nothing)
            return known == Known::yes;
        std::vector<Step> way;
        way.push_back({tip, m_node.parents});
        while (!way.empty()) {
            Step& step = way.back();
            if (step.next == step.parents.size()) {
                m_known[step.commit] = Known::no;
                way.pop_back();
                continue;
            }
            if (m_steps-- == 0)
                return std::nullopt;
            uint32_t parent = step.parents[step.next++];
            Known known = judge(parent);
            if (known == Known::yes) {
                for (const Step& passed : way)
                    m_known[passed.commit] = Known::yes;
                return true;
            }
            if (known == Known::nothing)
                way.push_back({parent, m_node.parents});
        }
        return false;
    }

    CommitSource m_commits;
    CommitNode m_node;
    size_t m_steps;
    uint32_t m_target = 0, m_generation = 0;
    int64_t m_oldest = 0;
    std::unordered_map<uint32_t, Known> m_known;
};

} // namespace

std::optional<AheadBehind> ahead_behind(const Repository& repository, const git_oid& tip, const git_oid& base, size_t& steps)
{
    return Parting(repository).count(tip, base, steps);
}

std::optional<std::vector<bool>> tips_that_hold(const Repository& repository, const git_oid& commit,
                                                const std::vector<git_oid>& tips, size_t steps)
{
    return Holders(repository, steps).find(commit, tips);
}

} // namespace quire::git
