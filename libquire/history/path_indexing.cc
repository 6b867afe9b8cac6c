#include "history/path_indexing.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <queue>
#include <unordered_map>

#include "git/commit_source.h"
#include "history/path_index.h"
#include "history/touched_paths.h"
#include "store/path_index.h"
#include "sys/atomic_file.h"

namespace quire::history {

/// What the file may hold: some ten megabytes each.
constexpr size_t max_facts = 4'000'000, max_commits = 1'000'000;
/// Of what the index knows, this share may wait.
constexpr size_t share = 128;

namespace {

struct DigestHash {
    size_t operator()(const PathDigest& digest) const
    {
        size_t hash = 0;
        std::memcpy(&hash, digest.data(), sizeof hash);
        return hash;
    }
};

/// What is going to be written. Commits and paths are numbered as they come, and get their places in the end.
class Facts {
public:
    uint32_t add_commit(const git_oid& id, bool is_skipped)
    {
        m_commits.push_back(id);
        m_skipped.push_back(is_skipped);
        return static_cast<uint32_t>(m_commits.size() - 1);
    }
    void add(const PathDigest& path, uint32_t commit, uint32_t same_parent)
    {
        auto [place, is_new] = m_numbers.try_emplace(path, static_cast<uint32_t>(m_paths.size()));
        if (is_new)
            m_paths.push_back(path);
        m_facts.push_back({place->second, commit << parent_bits | same_parent});
    }
    /// `coming`: so many facts will be added in any case.
    bool is_full(size_t coming) const
    {
        return m_facts.size() + coming >= max_facts || m_commits.size() >= max_commits;
    }

    std::string text(Extent extent)
    {
        std::vector<uint32_t> commits = order_of(
            m_commits, [](const git_oid& a, const git_oid& b) { return std::memcmp(a.id, b.id, GIT_OID_RAWSZ) < 0; });
        std::vector<uint32_t> paths = order_of(m_paths, std::less<>());
        std::vector<uint32_t> commit_places = places_of(commits), path_places = places_of(paths);
        for (Fact& fact : m_facts) {
            fact.path = path_places[fact.path];
            fact.what = commit_places[fact.what >> parent_bits] << parent_bits | (fact.what & most_parents);
        }
        std::sort(m_facts.begin(), m_facts.end());
        std::string text = fmt::format("{} {} {} {} {}\n", path_index_mark, commits.size(), paths.size(),
                                       m_facts.size(), static_cast<char>(extent));
        add_commits(text, commits);
        for (uint32_t path : paths)
            text.append(reinterpret_cast<const char*>(m_paths[path].data()), m_paths[path].size());
        size_t end = 0;
        for (uint32_t path = 0; path < paths.size(); ++path) {
            while (end < m_facts.size() && m_facts[end].path == path)
                ++end;
            append_number(text, static_cast<uint32_t>(end));
        }
        for (const Fact& fact : m_facts)
            append_number(text, fact.what);
        return text;
    }

private:
    struct Fact {
        uint32_t path, what;
        auto operator<=>(const Fact&) const = default;
    };

    /// The numbers of things in the order of these.
    template <typename Thing, typename Less>
    static std::vector<uint32_t> order_of(const std::vector<Thing>& things, Less is_less)
    {
        std::vector<uint32_t> order(things.size());
        std::iota(order.begin(), order.end(), 0u);
        std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return is_less(things[a], things[b]); });
        return order;
    }
    static std::vector<uint32_t> places_of(const std::vector<uint32_t>& order)
    {
        std::vector<uint32_t> places(order.size());
        for (uint32_t i = 0; i < order.size(); ++i)
            places[order[i]] = i;
        return places;
    }

    void add_commits(std::string& text, const std::vector<uint32_t>& order) const
    {
        uint32_t up_to = 0;
        for (unsigned first = 0; first < 256; ++first) {
            while (up_to < order.size() && m_commits[order[up_to]].id[0] <= first)
                ++up_to;
            append_number(text, up_to);
        }
        std::string skipped((order.size() + 7) / 8, '\0');
        for (size_t i = 0; i < order.size(); ++i) {
            text.append(reinterpret_cast<const char*>(m_commits[order[i]].id), GIT_OID_RAWSZ);
            if (m_skipped[order[i]])
                skipped[i / 8] = static_cast<char>(static_cast<unsigned char>(skipped[i / 8]) | 1u << (i % 8));
        }
        text += skipped;
    }

    std::vector<git_oid> m_commits;
    std::vector<bool> m_skipped;
    std::vector<PathDigest> m_paths;
    std::unordered_map<PathDigest, uint32_t, DigestHash> m_numbers;
    std::vector<Fact> m_facts;
};

class Indexing {
public:
    Indexing(const git::Repository& repository, int runs, const Patience& patience)
        : m_repository(repository), m_runs(runs), m_patience(patience), m_commits(repository)
    {
        if (auto old = PathIndex::open(runs))
            m_old.emplace(std::move(*old));
    }

    Result<IndexedPaths> run(size_t enough)
    {
        IndexedPaths result;
        auto tip = m_repository.resolve({});
        auto first = tip ? m_commits.find(tip->commit) : std::nullopt;
        if (!first)
            return result; // nothing was pushed yet
        bool is_begun = m_old && m_old->extent() == Extent::begun;
        size_t awaited = std::max({size_t{1}, enough, m_old ? m_old->commits() / share : 0});
        if (!is_begun && walk(*first, Past::unknown, awaited).size() < awaited)
            return result;
        Extent extent = Extent::whole;
        std::vector<uint32_t> kept(m_old ? m_old->commits() : 0, not_kept), counts = count_facts();
        size_t coming = 0;
        for (uint32_t commit : walk(*first, Past::all, SIZE_MAX)) {
            git_oid id = m_commits.id(commit);
            auto old = m_old ? m_old->number_of(id) : std::nullopt;
            if (m_facts.is_full(coming)) {
                extent = Extent::full;
                break;
            }
            if (old) {
                kept[*old] = m_facts.add_commit(id, m_old->is_skipped(*old));
                coming += counts[*old];
            } else if (m_patience.is_over()) {
                extent = Extent::begun;
            } else {
                look_at(commit, id);
                ++result.commits;
            }
        }
        keep(kept);
        result.is_whole = extent == Extent::whole;
        TRY(sys::replace_file(m_runs, store::paths::path_index, m_facts.text(extent), 0640));
        return result;
    }

private:
    enum class Past { all, unknown };
    static constexpr uint32_t not_kept = UINT32_MAX;

    /// Commits from here on, newest first, but for those behind one that the index knows; at most so many.
    std::vector<uint32_t> walk(uint32_t from, Past past, size_t most)
    {
        std::vector<uint32_t> found;
        std::priority_queue<git::Turn> queue;
        git::CommitSet seen;
        git::CommitNode node;
        auto push = [&](uint32_t commit) {
            bool is_behind = past == Past::unknown && m_old && m_old->number_of(m_commits.id(commit));
            if (is_behind || !seen.add(commit))
                return;
            m_commits.read(commit, node);
            queue.push({node.generation, node.when, commit});
        };
        push(from);
        while (!queue.empty() && found.size() < most) {
            uint32_t commit = queue.top().commit;
            queue.pop();
            found.push_back(commit);
            m_commits.read(commit, node);
            for (uint32_t parent : std::vector<uint32_t>(node.parents))
                push(parent);
        }
        return found;
    }

    /// How many facts the old index has about each of its commits.
    std::vector<uint32_t> count_facts() const
    {
        std::vector<uint32_t> counts(m_old ? m_old->commits() : 0);
        each_old_fact([&](const PathDigest&, uint32_t commit, uint32_t) { ++counts[commit]; });
        return counts;
    }

    void look_at(uint32_t commit, const git_oid& id)
    {
        git::CommitNode node, parent;
        m_commits.read(commit, node);
        std::vector<git_oid> parents;
        for (uint32_t one : node.parents) {
            m_commits.read(one, parent);
            parents.push_back(parent.tree);
        }
        std::vector<std::pair<PathDigest, uint32_t>> touched;
        bool is_known = !m_commits.lacks_parents(commit) && parents.size() <= most_parents &&
                        each_touched_path(m_repository.objects(), node.tree, parents,
                                          [&](std::string_view path, uint32_t same_parent) {
                                              touched.emplace_back(digest_of_path(path), same_parent);
                                          });
        uint32_t number = m_facts.add_commit(id, !is_known);
        if (is_known)
            for (const auto& [path, same_parent] : touched)
                m_facts.add(path, number, same_parent);
    }

    /// Takes over what the old index knows of the commits that are still there. `numbers`: theirs, by the old ones.
    void keep(const std::vector<uint32_t>& numbers)
    {
        each_old_fact([&](const PathDigest& path, uint32_t commit, uint32_t same_parent) {
            if (numbers[commit] != not_kept)
                m_facts.add(path, numbers[commit], same_parent);
        });
    }

    template <typename Take>
    void each_old_fact(const Take& take) const
    {
        for (uint32_t path = 0; m_old && path < m_old->paths(); ++path) {
            std::string_view facts = m_old->facts(path);
            PathDigest digest = m_old->digest(path);
            for (size_t i = 0; i < facts.size() / fact_bytes; ++i)
                if (uint32_t fact = number_at(facts, i); fact >> parent_bits < m_old->commits())
                    take(digest, fact >> parent_bits, fact & most_parents);
        }
    }

    const git::Repository& m_repository;
    int m_runs;
    const Patience& m_patience;
    git::CommitSource m_commits;
    std::optional<PathIndex> m_old;
    Facts m_facts;
};

} // namespace

Result<IndexedPaths> index_paths(const git::Repository& repository, int runs, const Patience& patience, size_t enough)
{
    return Indexing(repository, runs, patience).run(enough);
}

} // namespace quire::history
