#include "history/line_match.h"

#include <algorithm>

namespace quire::history {

/// The most differences that Myers' algorithm may find between two stretches; it stores the square of that many
/// positions.
constexpr int max_edits = 1000;
/// How deeply unique lines may divide stretches within stretches.
constexpr int max_depth = 64;

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
    }
    return lines;
}

uint32_t LineNumbers::number(std::string_view line)
{
    return m_known.emplace(line, static_cast<uint32_t>(m_known.size())).first->second;
}

std::vector<uint32_t> LineNumbers::numbers(std::span<const std::string_view> lines)
{
    std::vector<uint32_t> result;
    result.reserve(lines.size());
    for (std::string_view line : lines)
        result.push_back(number(line));
    return result;
}

namespace {

/// A stretch of each of the two texts.
struct Window {
    size_t before = 0, before_end = 0, after = 0, after_end = 0;
    bool has_both() const { return before < before_end && after < after_end; }
};

struct Anchor {
    size_t before = 0, after = 0;
};

class Matcher {
public:
    Matcher(std::span<const uint32_t> before, std::span<const uint32_t> after) : m_before(before), m_after(after) {}

    std::vector<LineRun> match()
    {
        match({0, m_before.size(), 0, m_after.size()}, 0);
        return std::move(m_runs);
    }

private:
    void match(Window window, int depth)
    {
        size_t same = 0;
        while (window.before + same < window.before_end && window.after + same < window.after_end &&
               m_before[window.before + same] == m_after[window.after + same])
            ++same;
        add(window.before, window.after, same);
        window.before += same;
        window.after += same;
        size_t same_end = 0;
        while (window.has_both() && m_before[window.before_end - 1] == m_after[window.after_end - 1]) {
            --window.before_end;
            --window.after_end;
            ++same_end;
        }
        if (window.has_both()) {
            std::vector<Anchor> anchors = depth < max_depth ? find_anchors(window) : std::vector<Anchor>();
            if (anchors.empty())
                match_shortest(window);
            else
                match_between(window, anchors, depth);
        }
        add(window.before_end, window.after_end, same_end);
    }

    void match_between(const Window& window, const std::vector<Anchor>& anchors, int depth)
    {
        Window rest = window;
        for (const Anchor& anchor : anchors) {
            match({rest.before, anchor.before, rest.after, anchor.after}, depth + 1);
            add(anchor.before, anchor.after, 1);
            rest.before = anchor.before + 1;
            rest.after = anchor.after + 1;
        }
        match(rest, depth + 1);
    }

    void add(size_t before, size_t after, size_t count)
    {
        if (count == 0)
            return;
        if (!m_runs.empty()) {
            LineRun& last = m_runs.back();
            if (last.before + last.count == before && last.after + last.count == after) {
                last.count += static_cast<uint32_t>(count);
                return;
            }
        }
        m_runs.push_back({static_cast<uint32_t>(before), static_cast<uint32_t>(after), static_cast<uint32_t>(count)});
    }

    /// Lines that occur once in each stretch, as many of them as have the same order in both.
    std::vector<Anchor> find_anchors(const Window& window) const
    {
        struct Seen {
            uint32_t before = 0, after = 0; ///< how often each occurs
            size_t at = 0;                  ///< its place in `before`
        };
        std::unordered_map<uint32_t, Seen> seen;
        seen.reserve(window.before_end - window.before);
        for (size_t i = window.before; i < window.before_end; ++i) {
            Seen& line = seen[m_before[i]];
            ++line.before;
            line.at = i;
        }
        for (size_t i = window.after; i < window.after_end; ++i)
            if (auto line = seen.find(m_after[i]); line != seen.end())
                ++line->second.after;
        std::vector<Anchor> unique;
        for (size_t i = window.after; i < window.after_end; ++i)
            if (auto line = seen.find(m_after[i]);
                line != seen.end() && line->second.before == 1 && line->second.after == 1)
                unique.push_back({line->second.at, i});
        return longest_rise(unique);
    }

    /// `anchors` are in the order of the later text. Keeps the longest part that is also in the order of the earlier
    /// one.
    static std::vector<Anchor> longest_rise(const std::vector<Anchor>& anchors)
    {
        constexpr size_t none = SIZE_MAX;
        std::vector<size_t> ends, previous(anchors.size(), none); // ends[n]: the lowest end of a rise of n + 1
        for (size_t i = 0; i < anchors.size(); ++i) {
            auto place = std::lower_bound(ends.begin(), ends.end(), anchors[i].before,
                                          [&](size_t end, size_t wanted) { return anchors[end].before < wanted; });
            if (place != ends.begin())
                previous[i] = *(place - 1);
            if (place == ends.end())
                ends.push_back(i);
            else
                *place = i;
        }
        std::vector<Anchor> rise;
        for (size_t i = ends.empty() ? none : ends.back(); i != none; i = previous[i])
            rise.push_back(anchors[i]);
        std::reverse(rise.begin(), rise.end());
        return rise;
    }

    /// Myers' greedy algorithm, which finds the fewest lines that are on one side only.
    void match_shortest(const Window& window)
    {
        auto size_before = static_cast<int>(window.before_end - window.before);
        auto size_after = static_cast<int>(window.after_end - window.after);
        int most = std::min(max_edits, size_before + size_after);
        // reached[d][k + d]: how far into `before` d edits come on diagonal k = before - after.
        std::vector<std::vector<int>> reached;
        for (int edits = 0; edits <= most; ++edits) {
            std::vector<int>& row = reached.emplace_back(static_cast<size_t>(2 * edits + 1));
            for (int k = -edits; k <= edits; k += 2) {
                int x = edits == 0 ? 0 : step(reached[static_cast<size_t>(edits - 1)], edits - 1, k).first;
                while (x < size_before && x - k < size_after && x >= 0 && x - k >= 0 && is_same(window, x, x - k))
                    ++x;
                row[static_cast<size_t>(k + edits)] = x;
                if (x >= size_before && x - k >= size_after) {
                    trace(window, reached, size_before, size_after);
                    return;
                }
            }
        }
    }

    bool is_same(const Window& window, int before, int after) const
    {
        return m_before[window.before + static_cast<size_t>(before)] ==
               m_after[window.after + static_cast<size_t>(after)];
    }

    /// From a row of `edits` edits to diagonal k with one more: the start of that step, and whether it drops a line of
    /// `before`.
    static std::pair<int, bool> step(const std::vector<int>& row, int edits, int k)
    {
        auto at = [&](int diagonal) {
            return diagonal < -edits || diagonal > edits ? -1 : row[static_cast<size_t>(diagonal + edits)];
        };
        int down = at(k + 1), right = at(k - 1);
        bool removes = k > -edits - 1 && (k == edits + 1 || right >= down);
        return removes ? std::pair(right + 1, true) : std::pair(down, false);
    }

    void trace(const Window& window, const std::vector<std::vector<int>>& reached, int x, int y)
    {
        std::vector<LineRun> runs;
        for (auto edits = static_cast<int>(reached.size()) - 1; edits >= 0; --edits) {
            int k = x - y;
            auto [begin, removes] =
                edits == 0 ? std::pair(0, false) : step(reached[static_cast<size_t>(edits - 1)], edits - 1, k);
            if (x > begin)
                runs.push_back(
                    {static_cast<uint32_t>(begin), static_cast<uint32_t>(begin - k), static_cast<uint32_t>(x - begin)});
            x = removes ? begin - 1 : begin;
            y = removes ? begin - k : begin - k - 1;
        }
        for (auto run = runs.rbegin(); run != runs.rend(); ++run)
            add(window.before + run->before, window.after + run->after, run->count);
    }

    std::span<const uint32_t> m_before, m_after;
    std::vector<LineRun> m_runs;
};

} // namespace

std::vector<LineRun> match_lines(std::span<const uint32_t> before, std::span<const uint32_t> after)
{
    return Matcher(before, after).match();
}

} // namespace quire::history
