#include "history/moved_lines.h"

#include <algorithm>
#include <unordered_map>

#include "git/tree_diff.h"

namespace quire::history {

/// Limits on the lines that are looked for and on the files that are searched.
constexpr uint32_t max_lines = 400;
constexpr size_t max_files = 300, max_file = 2u << 20, max_bytes = 24u << 20;
/// How many letters and digits the lines must share, and what share of all.
constexpr uint64_t least_moved = 20, least_copied = 40;
constexpr unsigned least_percent = 50;
/// So many lines may have come in between before the rest counts as being elsewhere.
constexpr int64_t slack = 6;

namespace {

struct Line {
    std::string bare; ///< without blanks
    uint64_t weight = 0;
};

Line read_line(std::string_view text)
{
    Line line;
    for (char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        line.bare += c;
        auto byte = static_cast<unsigned char>(c);
        line.weight += byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z');
    }
    return line;
}

class Search {
public:
    Search(Lineage& lineage, const Version& version, const Patience& patience)
        : m_lineage(lineage), m_version(version), m_patience(patience)
    {}

    std::optional<MovedLines> find(uint32_t first, uint32_t count)
    {
        auto number = m_lineage.commits().find(m_version.commit);
        auto text = number ? m_lineage.text(m_version.blob) : nullptr;
        if (!text || first >= text->lines.size())
            return std::nullopt;
        count = std::min({count, max_lines, static_cast<uint32_t>(text->lines.size()) - first});
        for (uint32_t i = 0; i < count; ++i) {
            m_block.push_back(read_line(m_lineage.table().line(text->lines[first + i])));
            m_weight += m_block.back().weight;
            if (m_block.back().weight > 0)
                m_places[m_block.back().bare].push_back(i);
        }
        git::CommitNode node, parent;
        m_lineage.commits().read(*number, node);
        for (uint32_t one : node.parents) {
            m_lineage.commits().read(one, parent);
            m_parent = m_lineage.commits().id(one);
            search_parent(parent.tree, node.tree);
        }
        return m_best;
    }

private:
    void search_parent(const git_oid& parent_tree, const git_oid& tree)
    {
        git::TreeBudget budget{.paths = 20'000, .path_bytes = 4u << 20, .patience = m_patience};
        git::TreeDiff diff = git::diff_names(m_lineage.repository().objects(), parent_tree, tree, budget);
        size_t files = 0;
        for (const git::TreeChange& change : diff.changes) {
            bool is_file =
                change.before && change.before->mode != GIT_FILEMODE_COMMIT && change.before->mode != GIT_FILEMODE_LINK;
            if (!is_file || files++ == max_files || m_patience.is_over())
                continue;
            auto known = m_lineage.repository().objects().header(change.before->id);
            if (!known || known->size > max_file || m_read + known->size > max_bytes)
                continue;
            m_read += known->size;
            search_file(change);
        }
    }

    /// Which lines of the file were removed.
    std::vector<bool> removed_lines(const git::TreeChange& change, size_t lines)
    {
        std::vector<bool> removed(lines, !change.after);
        auto hunks = change.after ? m_lineage.hunks(change.before->id, change.after->id) : nullptr;
        if (hunks)
            for (const git::Hunk& hunk : *hunks)
                for (uint32_t i = 0; i < hunk.old_count && hunk.old_start + i < lines; ++i)
                    removed[hunk.old_start + i] = true;
        return removed;
    }

    void search_file(const git::TreeChange& change)
    {
        auto text = m_lineage.text(change.before->id);
        if (!text || text->bytes().substr(0, 8000).find('\0') != std::string_view::npos)
            return;
        std::vector<std::pair<int64_t, uint32_t>> matches; // the distance and the line
        for (uint32_t i = 0; i < text->lines.size(); ++i) {
            auto places = m_places.find(read_line(m_lineage.table().line(text->lines[i])).bare);
            if (places == m_places.end() || places->second.size() > 20)
                continue;
            for (uint32_t place : places->second)
                matches.emplace_back(int64_t{i} - place, i);
        }
        if (matches.empty())
            return;
        std::vector<bool> removed = removed_lines(change, text->lines.size());
        std::sort(matches.begin(), matches.end());
        for (size_t begin = 0, end = 0; begin < matches.size(); ++begin) {
            if (begin > 0 && matches[begin].first == matches[begin - 1].first)
                continue;
            while (end < matches.size() && matches[end].first <= matches[begin].first + slack)
                ++end;
            judge(change.path,
                  {matches.begin() + static_cast<ptrdiff_t>(begin), matches.begin() + static_cast<ptrdiff_t>(end)},
                  removed);
        }
    }

    void judge(const std::string& path, const std::vector<std::pair<int64_t, uint32_t>>& matches,
               const std::vector<bool>& removed)
    {
        std::vector<bool> seen(m_block.size());
        uint64_t found = 0, gone = 0;
        uint32_t nearest = UINT32_MAX;
        int64_t apart = 0;
        for (const auto& [distance, line] : matches) {
            auto place = static_cast<uint32_t>(line - distance);
            if (seen[place])
                continue;
            seen[place] = true;
            found += m_block[place].weight;
            gone += removed[line] ? m_block[place].weight : 0;
            if (place < nearest) {
                nearest = place;
                apart = distance;
            }
        }
        bool is_moved = gone >= least_moved && gone * 100 >= m_weight * least_percent;
        bool is_copied = found >= least_copied && found * 100 >= m_weight * least_percent;
        uint64_t worth = is_moved ? found + gone : found;
        if ((!is_moved && !is_copied) || worth <= m_most)
            return;
        m_most = worth;
        m_best = MovedLines{m_parent, path, static_cast<uint32_t>(std::max<int64_t>(0, apart)),
                            static_cast<unsigned>(found * 100 / m_weight)};
        // If the first line itself is new, takes the first one that is not.
        if (nearest > 0)
            m_best->line = static_cast<uint32_t>(apart + nearest);
    }

    Lineage& m_lineage;
    const Version& m_version;
    const Patience& m_patience;
    std::vector<Line> m_block;
    std::unordered_map<std::string, std::vector<uint32_t>> m_places; ///< the places in the block
    uint64_t m_weight = 0, m_most = 0;
    git_oid m_parent{};
    size_t m_read = 0;
    std::optional<MovedLines> m_best;
};

} // namespace

std::optional<MovedLines> find_moved_lines(Lineage& lineage, const Version& version, uint32_t first, uint32_t count,
                                           const Patience& patience)
{
    return Search(lineage, version, patience).find(first, count);
}

} // namespace quire::history
