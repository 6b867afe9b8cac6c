#include "history/text_match.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "history/line_match.h"

namespace quire::history {

/// The limit for the product of the lines on both sides of a gap, which are all compared with each other.
constexpr size_t max_pairs = 40'000;
/// The share that changed lines must have in common to be matched.
constexpr double least_similarity = 0.5;
/// The weight of lines that moved together: two statements, for instance. A single brace proves nothing.
constexpr uint32_t least_moved_weight = 24;

TextMatch::TextMatch(const SourceLines& before, const SourceLines& after)
    : TextMatch(before, LineMask(before.size()), after, LineMask(after.size()))
{}

TextMatch::TextMatch(const SourceLines& before, LineMask not_before, const SourceLines& after, LineMask not_after)
    : m_before(before), m_after(after), m_origins(after.size()), m_taken(std::move(not_before)),
      m_not_after(std::move(not_after))
{
    match_in_order();
    match_moved();
    match_similar();
}

void TextMatch::take(uint32_t old_line, uint32_t new_line, float similarity, bool is_moved)
{
    m_origins[new_line] = {old_line, similarity, is_moved};
    m_taken[old_line] = true;
}

LineMask TextMatch::found_lines() const
{
    LineMask found(m_origins.size());
    for (size_t i = 0; i < found.size(); ++i)
        found[i] = m_origins[i].found();
    return found;
}

/// Numbers for the lines that may be matched; the others get `others`, which no line of the other text has.
static std::vector<uint32_t> numbers_of(const SourceLines& text, const LineMask& mask, uint32_t others)
{
    std::vector<uint32_t> numbers;
    numbers.reserve(text.size());
    for (uint32_t i = 0; i < text.size(); ++i)
        numbers.push_back(mask[i] ? others : text[i].number);
    return numbers;
}

namespace {

/// The place of each line in the other text, or TextMatch::none.
using Places = std::vector<uint32_t>;

/// How badly a piece would begin before this line: best is a line with little indentation after a blank one.
int cost_of_border(const SourceLines& text, uint32_t line)
{
    if (line >= text.size() || line == 0)
        return -1000;
    const SourceLines::Line &below = text[line], &above = text[line - 1];
    if (below.is_blank)
        return 400;
    int cost = below.indent;
    if (above.is_blank)
        cost -= 200;
    else if (above.indent > below.indent)
        cost += 20; // before the end of a block
    return cost;
}

/// For lines [begin, end) that only `text` has, while the other text has nothing in their place. If equal lines at the
/// ends leave a choice, takes the one that begins where a piece of text begins.
void slide_gap(const SourceLines& text, uint32_t begin, uint32_t end, Places& places, Places& others)
{
    constexpr uint32_t none = TextMatch::none;
    const uint32_t size = end - begin;
    uint32_t low = begin, high = end; // how far up and down it can slide
    while (low > 0 && places[low - 1] != none && text[low - 1].number == text[low - 1 + size].number)
        --low;
    while (high < text.size() && places[high] != none && text[high].number == text[high - size].number)
        ++high;
    uint32_t best = begin;
    auto cost = [&](uint32_t at) { return cost_of_border(text, at) + cost_of_border(text, at + size); };
    for (uint32_t at = low; at + size <= high; ++at)
        if (cost(at) < cost(best))
            best = at;
    auto move = [&](uint32_t from, uint32_t to) {
        others[places[from]] = to;
        places[to] = std::exchange(places[from], none);
    };
    for (; begin > best; --begin)
        move(begin - 1, begin - 1 + size);
    for (; begin < best; ++begin)
        move(begin + size, begin);
}

void slide_gaps(const SourceLines& text, const LineMask& mask, Places& places, Places& others)
{
    constexpr uint32_t none = TextMatch::none;
    auto is_open = [&](uint32_t line) { return places[line] == none && !mask[line]; };
    for (uint32_t begin = 0; begin < text.size(); ++begin) {
        if (!is_open(begin))
            continue;
        uint32_t end = begin;
        while (end < text.size() && is_open(end))
            ++end;
        bool is_between = (begin == 0 || places[begin - 1] != none) && (end == text.size() || places[end] != none);
        uint32_t above = begin > 0 && is_between ? places[begin - 1] + 1 : 0;
        uint32_t below = end < text.size() && is_between ? places[end] : static_cast<uint32_t>(others.size());
        if (is_between && above == below)
            slide_gap(text, begin, end, places, others);
        while (end < text.size() && is_open(end))
            ++end;
        begin = end;
    }
}

} // namespace

void TextMatch::match_in_order()
{
    Places to_old(m_after.size(), none), to_new(m_before.size(), none);
    for (const LineRun& run : match_lines(numbers_of(m_before, m_taken, 1), numbers_of(m_after, m_not_after, 2)))
        for (uint32_t i = 0; i < run.count; ++i) {
            to_old[run.after + i] = run.before + i;
            to_new[run.before + i] = run.after + i;
        }
    slide_gaps(m_after, m_not_after, to_old, to_new);
    slide_gaps(m_before, m_taken, to_new, to_old);
    for (uint32_t i = 0; i < m_after.size(); ++i)
        if (to_old[i] != none)
            take(to_old[i], i, 1, false);
}

/// Matches what is new in one place and gone from another, line by line: pieces that contain a line unique among them.
void TextMatch::match_moved()
{
    struct Seen {
        uint32_t before = 0, after = 0; ///< how often each occurs
        uint32_t old_line = 0;
    };
    std::unordered_map<uint32_t, Seen> seen;
    for (uint32_t i = 0; i < m_before.size(); ++i)
        if (!m_taken[i] && !m_before[i].is_blank) {
            Seen& line = seen[m_before[i].number];
            ++line.before;
            line.old_line = i;
        }
    if (seen.empty())
        return;
    for (uint32_t i = 0; i < m_after.size(); ++i)
        if (!m_origins[i].found() && !m_not_after[i])
            if (auto line = seen.find(m_after[i].number); line != seen.end())
                ++line->second.after;
    auto is_free = [&](int64_t old_line, int64_t new_line) {
        return old_line >= 0 && new_line >= 0 && old_line < m_before.size() && new_line < m_after.size() &&
               !m_taken[static_cast<size_t>(old_line)] && !m_origins[static_cast<size_t>(new_line)].found() &&
               !m_not_after[static_cast<size_t>(new_line)] &&
               m_before[static_cast<uint32_t>(old_line)].number == m_after[static_cast<uint32_t>(new_line)].number;
    };
    for (uint32_t i = 0; i < m_after.size(); ++i) {
        if (m_origins[i].found() || m_not_after[i] || m_after[i].is_blank)
            continue;
        auto line = seen.find(m_after[i].number);
        if (line == seen.end() || line->second.before != 1 || line->second.after != 1)
            continue;
        int64_t old_line = line->second.old_line, up = 0, down = 0;
        while (is_free(old_line - up - 1, int64_t{i} - up - 1))
            ++up;
        while (is_free(old_line + down + 1, int64_t{i} + down + 1))
            ++down;
        uint32_t weight = 0;
        for (int64_t at = -up; at <= down; ++at)
            weight += m_after[static_cast<uint32_t>(i + at)].weight;
        if (weight < least_moved_weight)
            continue;
        for (int64_t at = -up; at <= down; ++at)
            if (is_free(old_line + at, i + at))
                take(static_cast<uint32_t>(old_line + at), static_cast<uint32_t>(i + at), 1, true);
    }
}

/// Matches changed lines between lines that are known.
void TextMatch::match_similar()
{
    uint32_t count = m_after.size();
    for (uint32_t begin = 0; begin < count; ++begin) {
        if (!is_open(begin))
            continue;
        uint32_t end = begin;
        while (end < count && is_open(end))
            ++end;
        auto free_before = [&](LineRange old_lines) {
            for (uint32_t i = old_lines.begin; i < old_lines.end; ++i)
                if (m_taken[i])
                    return false;
            return !old_lines.empty();
        };
        // A line that is taken has no place in the earlier text.
        bool has_above = begin == 0 || m_origins[begin - 1].found(), has_below = end == count || m_origins[end].found();
        uint32_t above = !has_above ? m_before.size() : begin > 0 ? m_origins[begin - 1].line + 1 : 0;
        uint32_t below = !has_below ? 0 : end < count ? m_origins[end].line : m_before.size();
        if (above < below && free_before({above, below})) {
            match_gap({above, below}, {begin, end});
        } else {
            // The lines above and below come from different places, so the neighbours of either may have changed.
            uint32_t after_above = above, before_below = below;
            while (after_above < m_before.size() && !m_taken[after_above])
                ++after_above;
            while (before_below > 0 && !m_taken[before_below - 1])
                --before_below;
            if (above < after_above)
                match_gap({above, after_above}, {begin, end});
            else if (before_below < below)
                match_gap({before_below, below}, {begin, end});
        }
        begin = end;
    }
}

/// Chooses the pairs that keep their order and have most in common altogether.
void TextMatch::match_gap(LineRange before, LineRange after)
{
    size_t rows = before.size(), columns = after.size();
    if (rows * columns > max_pairs) {
        return;
    }
    std::vector<float> pair(rows * columns), best((rows + 1) * (columns + 1));
    auto at = [&](size_t i, size_t j) -> float& { return best[i * (columns + 1) + j]; };
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            auto old_line = static_cast<uint32_t>(before.begin + i), new_line = static_cast<uint32_t>(after.begin + j);
            double alike = similarity(m_before, old_line, m_after, new_line);
            pair[i * columns + j] = static_cast<float>(alike >= least_similarity ? alike : 0);
            auto gain = pair[i * columns + j] *
                        static_cast<float>(1 + std::min(m_before[old_line].weight, m_after[new_line].weight));
            at(i, j) = std::max({at(i + 1, j), at(i, j + 1), gain > 0 ? at(i + 1, j + 1) + gain : 0});
        }
    for (size_t i = 0, j = 0; i < rows && j < columns;) {
        if (at(i, j) == at(i + 1, j)) {
            ++i;
        } else if (at(i, j) == at(i, j + 1)) {
            ++j;
        } else {
            take(static_cast<uint32_t>(before.begin + i), static_cast<uint32_t>(after.begin + j), pair[i * columns + j],
                 false);
            ++i;
            ++j;
        }
    }
}

} // namespace quire::history
