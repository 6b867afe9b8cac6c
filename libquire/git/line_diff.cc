#include "git/line_diff.h"

#include <algorithm>

#include "git/middle_snake.h"
#include "git/slide.h"

namespace quire::git {

/// A line that occurs this often on the other side says little about which lines belong together.
constexpr uint32_t max_often = 1024;
/// How far around such a line to look.
constexpr size_t window = 100;
/// A line with many counterparts is left out if this many lines without one are around it, for each with one.
constexpr size_t share = 4;

namespace {

enum class Kind : uint8_t { unmatched, matched, common };

/// One side of a comparison.
struct Side {
    explicit Side(std::span<const uint32_t> numbers) : lines(numbers), changes(numbers.size()) {}
    std::span<const uint32_t> lines;
    ChangedLines changes;
    std::vector<uint32_t> kept;   ///< numbers of the lines that are compared
    std::vector<uint32_t> places; ///< their places in the text
};

/// A power of two near the square root.
uint32_t rough_root(size_t number)
{
    uint32_t root = 1;
    for (; number > 0; number >>= 2)
        root <<= 1;
    return root;
}

/// Whether a line with many counterparts is among lines that have none, so that it was probably changed with them.
bool is_among_unmatched(const std::vector<Kind>& kinds, size_t at)
{
    size_t first = at > window ? at - window : 0, last = std::min(kinds.size() - 1, at + window);
    size_t unmatched = 0, common = 0;
    auto count = [&](Kind kind) {
        if (kind == Kind::matched)
            return false;
        ++(kind == Kind::unmatched ? unmatched : common);
        return true;
    };
    for (size_t i = at; i > first && count(kinds[i - 1]);)
        --i;
    if (unmatched == 0)
        return false;
    size_t unmatched_before = unmatched;
    for (size_t i = at; i < last && count(kinds[i + 1]);)
        ++i;
    // The line itself counts twice, once for each direction.
    return unmatched > unmatched_before && (common + 2) * share < common + 2 + unmatched;
}

/// Leaves out lines that can't have a counterpart. `begin` to `end` are the lines between the common beginning and end.
void choose_lines(Side& side, size_t begin, size_t end, const std::vector<uint32_t>& counts_of_other)
{
    uint32_t often = std::min(rough_root(side.lines.size()), max_often);
    std::vector<Kind> kinds;
    kinds.reserve(end - begin);
    for (size_t i = begin; i < end; ++i) {
        uint32_t count = counts_of_other[side.lines[i]];
        kinds.push_back(count == 0 ? Kind::unmatched : count >= often ? Kind::common : Kind::matched);
    }
    for (size_t i = begin; i < end; ++i) {
        Kind kind = kinds[i - begin];
        if (kind == Kind::matched || (kind == Kind::common && !is_among_unmatched(kinds, i - begin))) {
            side.kept.push_back(side.lines[i]);
            side.places.push_back(static_cast<uint32_t>(i));
        } else {
            side.changes.set(i);
        }
    }
}

class Comparison {
public:
    Comparison(Side& before, Side& after, const Patience& patience)
        : m_before(before), m_after(after), m_snake(before.kept, after.kept), m_patience(patience)
    {}

    void compare(Box box, bool is_exact)
    {
        for (;;) {
            box.shrink(m_before.kept, m_after.kept);
            if (box.is_flat() || m_patience.is_over())
                return mark(box);
            Split split = m_snake.find(box, is_exact);
            compare({box.old_begin, split.old_at, box.new_begin, split.new_at}, split.is_exact_before);
            box.old_begin = split.old_at;
            box.new_begin = split.new_at;
            is_exact = split.is_exact_after;
        }
    }

private:
    void mark(const Box& box)
    {
        for (int64_t i = box.old_begin; i < box.old_end; ++i)
            m_before.changes.set(m_before.places[static_cast<size_t>(i)]);
        for (int64_t i = box.new_begin; i < box.new_end; ++i)
            m_after.changes.set(m_after.places[static_cast<size_t>(i)]);
    }

    Side &m_before, &m_after;
    MiddleSnake m_snake;
    const Patience& m_patience;
};

std::vector<Hunk> collect(const ChangedLines& before, const ChangedLines& after)
{
    std::vector<Hunk> hunks;
    size_t i = 0, j = 0;
    while (i < before.size() || j < after.size()) {
        size_t old_start = i, new_start = j;
        while (before.has(i))
            ++i;
        while (after.has(j))
            ++j;
        if (i > old_start || j > new_start) {
            auto narrow = [](size_t number) { return static_cast<uint32_t>(number); };
            hunks.push_back({narrow(old_start), narrow(i - old_start), narrow(new_start), narrow(j - new_start)});
        }
        ++i;
        ++j;
    }
    return hunks;
}

} // namespace

std::vector<Hunk> LineDiff::compare(std::span<const uint32_t> before, std::span<const uint32_t> after,
                                    const Patience& patience)
{
    size_t shorter = std::min(before.size(), after.size());
    size_t head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    size_t tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    Side old_side(before), new_side(after);
    auto choose = [&](Side& side, std::span<const uint32_t> other) {
        m_counts.resize(m_numbers);
        for (uint32_t line : other)
            ++m_counts[line];
        choose_lines(side, head, side.lines.size() - tail, m_counts);
        for (uint32_t line : other)
            m_counts[line] = 0;
    };
    choose(old_side, after);
    choose(new_side, before);
    Comparison comparison(old_side, new_side, patience);
    comparison.compare({0, std::ssize(old_side.kept), 0, std::ssize(new_side.kept)}, false);
    slide(m_table, before, old_side.changes, new_side.changes);
    slide(m_table, after, new_side.changes, old_side.changes);
    return collect(old_side.changes, new_side.changes);
}

void drop_common_tail(const LineTable& table, std::span<const uint32_t>& before, std::span<const uint32_t>& after)
{
    constexpr size_t piece = 1024;
    size_t shorter = std::min(before.size(), after.size());
    auto last = [](std::span<const uint32_t> text, size_t i) { return text[text.size() - 1 - i]; };
    size_t equal = 0, bytes = 0;
    while (equal < shorter && last(before, equal) == last(after, equal))
        bytes += table.line(last(before, equal++)).size();
    // The line before them may have the same ending.
    if (equal < before.size() && equal < after.size()) {
        std::string_view a = table.line(last(before, equal)), b = table.line(last(after, equal));
        bytes += static_cast<size_t>(
            std::mismatch(a.rbegin(), a.rbegin() + static_cast<ptrdiff_t>(std::min(a.size(), b.size())), b.rbegin())
                .first -
            a.rbegin());
    }
    // Drops whole pieces, except the rest of the line in which the first one begins.
    size_t dropped = bytes / piece * piece, behind = 0, lines = 0;
    while (lines < equal && behind + table.line(last(before, lines)).size() < dropped)
        behind += table.line(last(before, lines++)).size();
    before = before.first(before.size() - lines);
    after = after.first(after.size() - lines);
}

} // namespace quire::git
