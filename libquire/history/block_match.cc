#include "history/block_match.h"

#include <algorithm>
#include <vector>

namespace quire::history {

/// The share of a block that must have stayed if its first line is the same or very similar.
constexpr double least_with_header = 0.25;
/// The share if the first line says more than "try {" and did not change.
constexpr double least_with_same_header = 0.1;
constexpr uint16_t telling_header = 12;
constexpr uint32_t most_header_lines = 6;
/// The share if the first line is known only by its place.
constexpr double least_without_header = 0.5;

namespace {

struct Closing {
    uint32_t line = 0;
    bool is_final = true; ///< the line opens nothing itself, unlike "} else {"
};

/// The lines from `first` on that can close what is open at the end of `first` or began in it, judging by brackets, up
/// to the end of what surrounds it. A bracket that `first` begins by closing belongs to something else.
std::vector<Closing> closing_lines(const SourceLines& text, uint32_t first, uint32_t limit)
{
    std::vector<Closing> lines;
    int depth = 0;
    for (uint32_t line = first; line < limit; ++line) {
        bool closes = false, is_leading = line == first;
        for (const SourceToken& token : text.tokens(line)) {
            bool opens = token.bracket == '(' || token.bracket == '[' || token.bracket == '{';
            bool is_closer = token.bracket != 0 && !opens;
            if (is_leading && is_closer)
                continue;
            is_leading = false;
            depth += opens ? 1 : is_closer ? -1 : 0;
            if (depth < 0)
                return lines;
            closes |= is_closer && depth == 0 && line != first;
        }
        if (closes || depth == 0)
            lines.push_back({line, depth == 0});
    }
    return lines;
}

class Finder {
public:
    Finder(const TextMatch& match, LineRange block)
        : m_match(match), m_before(match.before()), m_after(match.after()), m_block(block)
    {
        while (m_block.size() > 1 && m_after[m_block.begin].is_blank)
            ++m_block.begin;
        while (m_block.size() > 1 && m_after[m_block.end - 1].is_blank)
            --m_block.end;
        std::vector<Closing> closing = closing_lines(m_after, m_block.begin, m_block.end);
        m_is_closed = !closing.empty() && closing.back().line == m_block.end - 1;
        for (uint32_t i = m_block.begin; i < m_block.end; ++i)
            m_has_code |= m_after[i].code > 0;
        m_is_whole = m_is_closed && closing.back().is_final && !begins_by_closing();
    }

    std::optional<BlockOrigin> find()
    {
        bool is_known = find_first();
        if (!m_first && m_is_closed)
            m_first = header_of_body();
        if (!m_first)
            return m_is_closed && m_block.size() > 1 ? std::nullopt : find_by_lines();
        BlockOrigin best = best_end(*m_first);
        // A first line that was split over several may match any of them, so look for more of it further up.
        for (uint32_t up = 1; up <= most_header_lines && up <= *m_first && !m_match.is_taken(*m_first - up); ++up)
            if (BlockOrigin other = best_end(*m_first - up); other.similarity > best.similarity + 0.05)
                best = other;
        const SourceLines::Line &old_header = m_before[best.lines.begin], &header = m_after[m_block.begin];
        bool is_same = old_header.number == header.number && header.code >= telling_header;
        double least = is_same ? least_with_same_header : is_known ? least_with_header : least_without_header;
        return best.similarity >= least ? std::optional(best) : std::nullopt;
    }

private:
    bool begins_by_closing() const
    {
        for (const SourceToken& token : m_after.tokens(m_block.begin))
            return token.bracket == '}' || token.bracket == ')' || token.bracket == ']';
        return false;
    }

    /// Sets m_first to where the first line was; false if it is known only by its place.
    bool find_first()
    {
        const auto& origin = m_match.origin(m_block.begin);
        if (origin.found()) {
            m_first = origin.line;
            return true;
        }
        // Uses the line's place: among those that are gone between the known lines above and below.
        uint32_t begin = 0, end = m_before.size();
        for (uint32_t i = m_block.begin; i-- > 0;)
            if (m_match.origin(i).found()) {
                begin = m_match.origin(i).line + 1;
                break;
            }
        for (uint32_t i = m_block.begin; i < m_block.end; ++i)
            if (m_match.origin(i).found()) {
                end = m_match.origin(i).line;
                break;
            }
        double best = 0.1;
        for (uint32_t i = begin; i < end && i < m_before.size(); ++i) {
            if (m_match.is_taken(i) || m_before[i].is_blank)
                continue;
            double alike = similarity(m_before, i, m_after, m_block.begin);
            if (alike >= best) {
                best = alike;
                m_first = i;
            }
        }
        return false;
    }

    /// The line that was above the content of the block. If it still is, the block was inserted in between, and there
    /// is none.
    std::optional<uint32_t> header_of_body() const
    {
        for (uint32_t i = m_block.begin + 1; i < m_block.end; ++i) {
            const auto& origin = m_match.origin(i);
            if (!origin.found() || origin.is_moved || m_after[i].indent <= m_after[m_block.begin].indent)
                continue;
            std::optional<uint32_t> header = line_above(m_before, origin.line);
            if (!header)
                return std::nullopt;
            for (auto above = line_above(m_after, m_block.begin); above; above = line_above(m_after, *above))
                if (m_match.origin(*above).found() && m_match.origin(*above).line == *header)
                    return std::nullopt;
            return header;
        }
        return std::nullopt;
    }

    /// The nearest line above with a smaller indentation.
    static std::optional<uint32_t> line_above(const SourceLines& text, uint32_t line)
    {
        for (uint32_t i = line; i-- > 0;)
            if (!text[i].is_blank && text[i].indent < text[line].indent)
                return i;
        return std::nullopt;
    }

    /// The lines from `first` on that are most similar to the block, up to a possible end: if the block is complete
    /// now, with all its branches, it was before.
    BlockOrigin best_end(uint32_t first) const
    {
        uint32_t limit = std::min<uint32_t>(m_before.size(), first + 4 * m_block.size() + 100);
        std::vector<bool> is_end(limit - first, !m_is_closed);
        if (m_is_closed)
            for (const Closing& closing : closing_lines(m_before, first, limit))
                is_end[closing.line - first] = closing.is_final || !m_is_whole;
        std::vector<double> gain(limit - first);
        double all = 0, common = 0;
        for (uint32_t i = m_block.begin; i < m_block.end; ++i) {
            all += weight(m_after[i]);
            const auto& origin = m_match.origin(i);
            if (origin.found() && origin.line >= first && origin.line < limit)
                gain[origin.line - first] = origin.similarity * (weight(m_after[i]) + weight(m_before[origin.line]));
        }
        BlockOrigin best{{first, first + 1}, 0};
        for (uint32_t line = first; line < limit; ++line) {
            common += gain[line - first];
            all += weight(m_before[line]);
            // A line without weight, such as a brace of another kind, belongs to what precedes it.
            if (is_end[line - first] && all > 0 && common / all >= best.similarity && common > 0)
                best = {{first, line + 1}, common / all};
        }
        while (best.lines.size() > 1 && m_before[best.lines.end - 1].is_blank)
            --best.lines.end;
        return best;
    }

    double weight(const SourceLines::Line& line) const { return m_has_code ? line.code : line.weight; }

    /// For a block without a first line to search for: the lines that are there, unless they are too few.
    std::optional<BlockOrigin> find_by_lines() const
    {
        std::vector<uint32_t> lines;
        for (uint32_t i = m_block.begin; i < m_block.end; ++i)
            if (m_match.origin(i).found())
                lines.push_back(m_match.origin(i).line);
        if (lines.empty())
            return std::nullopt;
        // Some lines may come from far away, so those near the median count.
        std::vector<uint32_t> sorted = lines;
        std::sort(sorted.begin(), sorted.end());
        uint32_t middle = sorted[sorted.size() / 2], reach = 2 * m_block.size() + 10;
        LineRange range{middle, middle + 1};
        for (uint32_t line : sorted)
            if (line + reach >= middle && line <= middle + reach)
                range = {std::min(range.begin, line), std::max(range.end, line + 1)};
        double alike = similarity_of(range);
        return alike >= least_without_header ? std::optional(BlockOrigin{range, alike}) : std::nullopt;
    }

    double similarity_of(LineRange old_lines) const
    {
        double common = 0, all = 0;
        for (uint32_t i = m_block.begin; i < m_block.end; ++i) {
            all += weight(m_after[i]);
            const auto& origin = m_match.origin(i);
            if (origin.found() && old_lines.holds(origin.line))
                common += origin.similarity * (weight(m_after[i]) + weight(m_before[origin.line]));
        }
        for (uint32_t i = old_lines.begin; i < old_lines.end; ++i)
            all += weight(m_before[i]);
        return all == 0 ? 0 : common / all;
    }

    const TextMatch& m_match;
    const SourceLines& m_before;
    const SourceLines& m_after;
    LineRange m_block;
    bool m_has_code = false;
    bool m_is_closed = false; ///< it ends where something that began in it is closed
    bool m_is_whole = false;  ///< and it is neither the second part of something nor has one
    std::optional<uint32_t> m_first;
};

} // namespace

std::optional<BlockOrigin> find_block(const TextMatch& match, LineRange block)
{
    return block.empty() ? std::nullopt : Finder(match, block).find();
}

} // namespace quire::history
