#include "git/log_walk.h"

#include <algorithm>
#include <queue>

#include "base/strings.h"
#include "base/time.h"
#include "git/commit_source.h"
#include "git/raw_tree.h"

namespace quire::git {

namespace {

class Walk {
public:
    Walk(const Repository& repository, const LogQuery& query)
        : m_repository(repository), m_query(query), m_commits(repository), m_finder(repository, query.path),
          m_author(to_lower(query.author)), m_words(to_lower(query.words))
    {
        // A commit that changed the path changed every directory above it. Asking for all gives fewer false answers.
        for (size_t end = query.path.size(); end != std::string::npos && end > 0; end = query.path.rfind('/', end - 1))
            m_keys.emplace_back(std::string_view(query.path).substr(0, end));
        for (const git_oid& id : query.from)
            if (auto commit = m_commits.find(id))
                push(*commit);
    }

    Result<LogPage> run()
    {
        LogPage page;
        auto after = m_query.after ? m_commits.find(*m_query.after) : std::nullopt;
        page.has_begun = !m_query.after;
        for (unsigned steps = 1; !m_queue.empty(); ++steps) {
            bool is_late = steps > 1 && m_query.patience.is_over();
            if (page.commits.size() == m_query.count || is_late) {
                page.is_cut = is_late && page.commits.size() < m_query.count;
                page.rest = rest();
                return page;
            }
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            bool is_shown = visit(commit);
            page.end = m_commits.id(commit);
            if (!page.has_begun) {
                page.has_begun = after == commit;
                continue;
            }
            if (!is_shown)
                continue;
            CommitInfo info = TRY(m_repository.commit(m_commits.id(commit)));
            if (!matches(info))
                continue;
            page.commits.push_back(std::move(info));
            if (m_query.take)
                m_query.take(page.commits.back());
        }
        return page;
    }

private:
    void push(uint32_t commit)
    {
        if (!m_seen.add(commit))
            return;
        CommitNode node;
        m_commits.read(commit, node);
        m_queue.push({node.when, m_pushed++, commit});
    }

    /// Queues the commit's parents. Returns true if the commit is to be shown. As in `git log -- path`, a merge whose
    /// path is the same as in one parent leads to that parent only.
    bool visit(uint32_t commit)
    {
        CommitNode& node = m_node;
        m_commits.read(commit, node);
        if (m_query.path.empty()) {
            for (uint32_t parent : node.parents)
                push(parent);
            return true;
        }
        std::vector<uint32_t> parents = node.parents;
        git_oid tree = node.tree;
        bool may_have_changed = may_path_have_changed(commit);
        auto known = may_have_changed && m_query.same_parent ? m_query.same_parent(m_commits.id(commit)) : std::nullopt;
        if (known && *known <= std::max<size_t>(parents.size(), 1))
            return go_on(commit, parents, *known);
        for (size_t i = 0; i < parents.size(); ++i) {
            bool is_same = i == 0 && !may_have_changed;
            if (!is_same) {
                m_commits.read(parents[i], node);
                uint32_t here = found_at(commit, tree), there = found_at(parents[i], node.tree);
                is_same = here == there || m_kinds[here] == m_kinds[there];
            }
            if (is_same) {
                if (uint32_t here = m_found[commit]; here != 0)
                    m_found[parents[i]] = here;
                push(parents[i]);
                return false;
            }
        }
        for (uint32_t parent : parents)
            push(parent);
        return !parents.empty() || m_finder.find(tree).has_value();
    }

    /// Where it is known which parent has the same. Returns true if the commit is to be shown.
    bool go_on(uint32_t commit, const std::vector<uint32_t>& parents, uint32_t same_parent)
    {
        if (same_parent > 0 && !parents.empty()) {
            uint32_t next = parents[same_parent - 1];
            if (uint32_t here = m_found[commit]; here != 0)
                m_found[next] = here;
            push(next);
            return false;
        }
        for (uint32_t parent : parents)
            push(parent);
        return same_parent == 0;
    }

    /// Where m_kinds has what is at the path in this commit. Directories are read only where nothing on the way from a
    /// descendant says it: of the many commits that a filter names in vain, only the parents'.
    uint32_t found_at(uint32_t commit, const git_oid& tree)
    {
        if (m_found[commit] == 0) {
            m_kinds.push_back(m_finder.find(tree));
            m_found[commit] = static_cast<uint32_t>(m_kinds.size());
        }
        return m_found[commit] - 1;
    }

    bool may_path_have_changed(uint32_t commit) const
    {
        for (const PathKey& key : m_keys)
            if (!m_commits.may_have_changed(commit, key))
                return false;
        return true;
    }

    bool matches(const CommitInfo& info) const
    {
        auto holds = [](std::string_view text, const std::string& wanted) {
            return to_lower(text).find(wanted) != std::string::npos;
        };
        if (!m_author.empty() && !holds(info.author.name + " <" + info.author.email + ">", m_author))
            return false;
        if (!m_query.change_id.empty() && !info.change_id.starts_with(m_query.change_id))
            return false;
        return m_words.empty() || holds(info.message, m_words);
    }

    std::vector<git_oid> rest()
    {
        std::vector<git_oid> ids;
        for (; !m_queue.empty(); m_queue.pop())
            ids.push_back(m_commits.id(m_queue.top().commit));
        return ids;
    }

    const Repository& m_repository;
    const LogQuery& m_query;
    CommitSource m_commits;
    PathFinder m_finder;
    std::vector<std::optional<PathFinder::Found>> m_kinds; ///< what was met at the path
    CommitMap<uint32_t> m_found; ///< by commit, one more than an index of m_kinds; 0: not known
    std::vector<PathKey> m_keys;
    std::string m_author, m_words;
    CommitSet m_seen;
    CommitNode m_node;
    /// By time; at equal times, in the order of arrival.
    struct Waiting {
        int64_t when = 0;
        uint64_t number = 0;
        uint32_t commit = 0;
        bool operator<(const Waiting& other) const
        {
            return when != other.when ? when < other.when : number > other.number;
        }
    };
    std::priority_queue<Waiting> m_queue;
    uint64_t m_pushed = 0;
};

} // namespace

Result<LogPage> read_log(const Repository& repository, const LogQuery& query) { return Walk(repository, query).run(); }

} // namespace quire::git
