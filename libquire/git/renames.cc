#include "git/renames.h"

#include <git2/sys/hashsig.h>

#include <algorithm>
#include <map>

#include "git/repository.h"

namespace quire::git {

/// On each side. In the worst case every file is compared with every other.
constexpr size_t max_compared_files = 200;
constexpr size_t max_file = 1u << 20, max_bytes = 32u << 20;
constexpr int half = 50;

namespace {

using Signature = std::unique_ptr<git_hashsig, Freer<git_hashsig_free>>;

struct Candidate {
    size_t index = 0;
    size_t size = 0;
    Signature signature;
};

class Renames {
public:
    Renames(const Objects& objects, const std::vector<TreeChange>& changes, const Patience& patience)
        : m_objects(objects), m_changes(changes), m_patience(patience)
    {}

    std::vector<std::pair<size_t, size_t>> find()
    {
        for (size_t i = 0; i < m_changes.size(); ++i) {
            const TreeChange& change = m_changes[i];
            const auto& side = change.before ? change.before : change.after;
            if (change.before.has_value() != change.after.has_value() && side->mode != GIT_FILEMODE_COMMIT)
                (change.before ? m_removed : m_added).push_back(i);
        }
        take_same();
        if (!m_removed.empty() && !m_added.empty() && m_removed.size() <= max_compared_files &&
            m_added.size() <= max_compared_files)
            take_similar();
        return std::move(m_pairs);
    }

private:
    static std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

    void take_same()
    {
        std::multimap<std::string, size_t> removed;
        for (size_t index : m_removed)
            removed.emplace(to_string(m_changes[index].before->id), index);
        std::vector<size_t> rest;
        for (size_t index : m_added) {
            auto [begin, end] = removed.equal_range(to_string(m_changes[index].after->id));
            auto best = begin;
            for (auto one = begin; one != end; ++one)
                if (name_of(m_changes[one->second].path) == name_of(m_changes[index].path)) {
                    best = one;
                    break;
                }
            if (best == end) {
                rest.push_back(index);
                continue;
            }
            m_pairs.emplace_back(best->second, index);
            std::erase(m_removed, best->second);
            removed.erase(best);
        }
        m_added = std::move(rest);
    }

    std::vector<Candidate> read_candidates(const std::vector<size_t>& indices)
    {
        std::vector<Candidate> candidates;
        for (size_t index : indices) {
            const TreeChange& change = m_changes[index];
            const TreeSide& side = change.before ? *change.before : *change.after;
            auto blob = m_objects.read(side.id, GIT_OBJECT_BLOB, max_file);
            size_t size = blob ? blob->content().size() : 0;
            if (size == 0 || m_read + size > max_bytes || m_patience.is_over())
                continue;
            m_read += size;
            git_hashsig* made = nullptr;
            auto how = static_cast<git_hashsig_option_t>(GIT_HASHSIG_SMART_WHITESPACE | GIT_HASHSIG_ALLOW_SMALL_FILES);
            if (git_hashsig_create(&made, blob->content().data(), size, how) == 0)
                candidates.push_back({index, size, Signature(made)});
        }
        return candidates;
    }

    void take_similar()
    {
        std::vector<Candidate> removed = read_candidates(m_removed), added = read_candidates(m_added);
        struct Match {
            int score = 0;
            size_t removed = 0, added = 0;
        };
        std::vector<Match> matches;
        for (size_t i = 0; i < removed.size() && !m_patience.is_over(); ++i)
            for (size_t j = 0; j < added.size(); ++j) {
                const Candidate &a = removed[i], &b = added[j];
                bool is_near = std::max(a.size, b.size) / 2 <= std::min(a.size, b.size);
                int score = is_near ? git_hashsig_compare(a.signature.get(), b.signature.get()) : 0;
                if (score >= half)
                    matches.push_back({score, i, j});
            }
        std::stable_sort(matches.begin(), matches.end(),
                         [](const Match& a, const Match& b) { return a.score > b.score; });
        for (const Match& match : matches) {
            Candidate &a = removed[match.removed], &b = added[match.added];
            if (!a.signature || !b.signature)
                continue;
            m_pairs.emplace_back(a.index, b.index);
            a.signature.reset();
            b.signature.reset();
        }
    }

    const Objects& m_objects;
    const std::vector<TreeChange>& m_changes;
    const Patience& m_patience;
    std::vector<size_t> m_removed, m_added;
    std::vector<std::pair<size_t, size_t>> m_pairs;
    size_t m_read = 0;
};

} // namespace

std::vector<std::pair<size_t, size_t>> find_renames(const Objects& objects, const std::vector<TreeChange>& changes,
                                                    const Patience& patience)
{
    return Renames(objects, changes, patience).find();
}

} // namespace quire::git
