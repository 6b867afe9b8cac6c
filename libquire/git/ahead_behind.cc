#include "git/ahead_behind.h"

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "git/commit_source.h"

namespace quire::git {

namespace {

/// Each tip marks its history with its own colour, descendants first, until every commit that is left has all colours.
/// Commits outside the graph come in the order of their dates, which may be equal or go back. If one gets another
/// colour after it was counted, it is counted again.
class PaintedWalk {
public:
    static constexpr size_t max_colours = 64;

    explicit PaintedWalk(const Repository& repository) : m_commits(repository) {}

    bool add(const git_oid& tip)
    {
        auto commit = m_commits.find(tip);
        if (!commit)
            return false;
        m_all |= uint64_t{1} << m_tips.size();
        m_tips.push_back(*commit);
        return true;
    }

    /// Returns false if there were not enough steps.
    bool run(size_t& steps, const Patience& patience)
    {
        for (size_t i = 0; i < m_tips.size(); ++i)
            paint(m_tips[i], uint64_t{1} << i);
        unsigned looked_at = 0;
        while (m_pending > 0) {
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            m_pending -= m_states[commit].is_pending;
            m_states[commit].is_queued = m_states[commit].is_pending = false;
            constexpr unsigned between_looks = 1024;
            bool is_late = ++looked_at % between_looks == 0 && patience.is_over();
            if (is_late || !follow(commit, steps))
                return false;
        }
        return true;
    }

    /// How many commits have exactly these colours.
    const std::unordered_map<uint64_t, size_t>& counts() const { return m_counts; }

private:
    struct State {
        bool is_queued : 1 = false, is_counted : 1 = false, is_visited : 1 = false;
        bool is_pending : 1 = false; ///< queued, and it lacks a colour or was counted before
    };
    /// Follows history from a commit as long as it is linear and the next commit is next in turn, without queuing.
    bool follow(uint32_t commit, size_t& steps)
    {
        uint64_t colours = m_colours[commit];
        size_t& count = m_counts[colours];
        m_commits.read(commit, m_node);
        for (;;) {
            if (steps == 0)
                return false;
            --steps;
            m_states[commit].is_counted = m_states[commit].is_visited = true;
            ++count;
            bool is_line = m_node.parents.size() == 1 && colours != m_all && m_colours[m_node.parents[0]] == 0;
            if (!is_line)
                break;
            commit = m_node.parents[0];
            m_colours[commit] = colours;
            m_commits.read(commit, m_node);
            Turn next{m_node.generation, m_node.when, commit};
            if (!m_queue.empty() && !(m_queue.top() < next)) {
                m_states[commit].is_queued = m_states[commit].is_pending = true;
                ++m_pending;
                m_queue.push(next);
                return true;
            }
        }
        m_parents = m_node.parents;
        for (uint32_t parent : m_parents)
            paint(parent, colours);
        return true;
    }

    void paint(uint32_t commit, uint64_t colours)
    {
        uint64_t& has = m_colours[commit];
        uint64_t painted = has | colours;
        if (painted == has)
            return;
        State& state = m_states[commit];
        if (state.is_counted)
            --m_counts[has];
        state.is_counted = false;
        has = painted;
        m_pending -= state.is_pending;
        state.is_pending = painted != m_all || state.is_visited;
        m_pending += state.is_pending;
        if (state.is_queued)
            return;
        state.is_queued = true;
        m_commits.read(commit, m_node);
        m_queue.push({m_node.generation, m_node.when, commit});
    }

    CommitSource m_commits;
    CommitNode m_node;
    std::vector<uint32_t> m_tips, m_parents;
    uint64_t m_all = 0;
    CommitMap<uint64_t> m_colours;
    CommitMap<State> m_states;
    std::priority_queue<Turn> m_queue;
    std::unordered_map<uint64_t, size_t> m_counts;
    size_t m_pending = 0;
};

} // namespace

std::optional<std::vector<AheadBehind>> ahead_behind(const Repository& repository, const git_oid& base,
                                                     const std::vector<git_oid>& tips, size_t& steps,
                                                     const Patience& patience)
{
    std::vector<AheadBehind> result;
    constexpr size_t at_once = PaintedWalk::max_colours - 1;
    for (size_t first = 0; first < tips.size(); first += at_once) {
        size_t end = std::min(tips.size(), first + at_once);
        PaintedWalk walk(repository);
        bool are_here = walk.add(base);
        for (size_t i = first; i < end; ++i)
            are_here = are_here && walk.add(tips[i]);
        if (!are_here || !walk.run(steps, patience))
            return std::nullopt;
        result.resize(end);
        for (const auto& [colours, count] : walk.counts())
            for (size_t i = first; i < end; ++i) {
                bool is_of_base = (colours & 1) != 0, is_of_tip = (colours >> (i - first + 1) & 1) != 0;
                result[i].ahead += is_of_tip && !is_of_base ? count : 0;
                result[i].behind += is_of_base && !is_of_tip ? count : 0;
            }
    }
    return result;
}

} // namespace quire::git
