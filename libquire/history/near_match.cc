#include "history/near_match.h"

#include <algorithm>

#include "history/block_match.h"

namespace quire::history {

/// If this many lines around a block did not change, it is surely the same block.
constexpr uint32_t certain_context = 12;
/// How many lines around a change are looked at together with it.
constexpr uint32_t near_context = 60;
/// If a look at a part finds at least this similarity, the whole need not be looked at.
constexpr double sure_similarity = 0.8;

NearMatch::NearMatch(Text& before, Text& after, LineRange block)
    : m_before(before), m_after(after), m_block(block), m_runs(match_lines(before.numbers(), after.numbers()))
{}

std::optional<LineRange> NearMatch::find_untouched() const
{
    uint32_t above = m_block.begin - std::min(m_block.begin, certain_context);
    uint32_t below = std::min(m_block.end + certain_context, m_after.line_count());
    for (const LineRun& run : m_runs) {
        if (run.after > above || run.after + run.count < below)
            continue;
        uint32_t begin = m_block.begin - run.after + run.before;
        LineRange lines{begin, begin + m_block.size()};
        // At an end of the file there are fewer lines around the block; the other file must end there too.
        bool is_placed = (above > 0 || run.before + above == run.after) &&
                         (below < m_after.line_count() || below - run.after + run.before == m_before.line_count());
        if (is_placed && m_before.part(lines) == m_after.part(m_block))
            return lines;
    }
    return std::nullopt;
}

/// A line not far above that begins a piece of text, where no comment continues from above: after a blank line, with
/// the smallest indentation.
uint32_t NearMatch::begin_of_piece(uint32_t line, uint32_t least) const
{
    constexpr uint32_t most = 200;
    constexpr std::string_view blanks = " \t\r\n", others = " \t\r\n}*";
    for (uint32_t at = line; at > least && at + most > line; --at) {
        std::string_view here = m_after.part({at, at + 1});
        bool is_left = !here.empty() && others.find(here[0]) == std::string_view::npos;
        if (is_left && m_after.part({at - 1, at}).find_first_not_of(blanks) == std::string_view::npos)
            return at;
    }
    return line;
}

NearMatch::Windows NearMatch::windows() const
{
    Windows windows{{0, m_before.line_count()}, {0, m_after.line_count()}};
    for (const LineRun& run : m_runs) {
        uint32_t end = std::min(run.after + run.count, m_block.begin);
        if (end < run.after + certain_context)
            continue;
        uint32_t first = begin_of_piece(end - std::min(near_context, end - run.after), run.after);
        windows.after.begin = first;
        windows.before.begin = first - run.after + run.before;
    }
    for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run) {
        uint32_t begin = std::max(run->after, m_block.end), end = run->after + run->count;
        if (end < begin + certain_context)
            continue;
        uint32_t last = begin + std::min(near_context, end - begin);
        windows.after.end = last;
        windows.before.end = last - run->after + run->before;
    }
    return windows;
}

std::optional<NearMatch::Found> NearMatch::find_changed()
{
    Windows near = windows();
    if (2 * near.after.size() > m_after.line_count() || near.before.begin > near.before.end)
        return std::nullopt;
    SourceLines before(m_before.part(near.before), m_before.path()), after(m_after.part(near.after), m_after.path());
    uint32_t first = near.after.begin;
    LineRange here{m_block.begin - first, m_block.end - first};
    auto origin = find_block(TextMatch(before, after), here);
    bool is_sure = origin && origin->similarity >= sure_similarity && origin->lines.end < before.size();
    if (!is_sure)
        return std::nullopt;
    uint32_t old_first = near.before.begin;
    return Found{{origin->lines.begin + old_first, origin->lines.end + old_first},
                 compare(before, origin->lines, after, here),
                 origin->similarity};
}

} // namespace quire::history
