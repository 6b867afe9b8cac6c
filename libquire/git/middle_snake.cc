#include "git/middle_snake.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace quire::git {

constexpr int64_t least_limit = 256;    ///< the search never ends early with fewer edits
constexpr int64_t promising_from = 256; ///< after so many edits, a promising place is enough
constexpr int64_t promising_factor = 4;
constexpr int64_t long_run = 20;
constexpr int64_t far_away = std::numeric_limits<int64_t>::max();

void Box::shrink(std::span<const uint32_t> before, std::span<const uint32_t> after)
{
    auto at = [](std::span<const uint32_t> lines, int64_t i) { return lines[static_cast<size_t>(i)]; };
    while (!is_flat() && at(before, old_begin) == at(after, new_begin))
        ++old_begin, ++new_begin;
    while (!is_flat() && at(before, old_end - 1) == at(after, new_end - 1))
        --old_end, --new_end;
}

MiddleSnake::MiddleSnake(std::span<const uint32_t> before, std::span<const uint32_t> after)
    : m_before(before), m_after(after)
{
    size_t diagonals = before.size() + after.size() + 3;
    int64_t root = 1;
    for (size_t n = diagonals; n > 0; n >>= 2)
        root <<= 1;
    m_most_edits = std::max(root, least_limit);
    m_reaches.resize(2 * diagonals + 2);
    m_forward.reach = m_reaches.data() + after.size() + 1;
    m_backward.reach = m_forward.reach + diagonals;
}

/// Adds a diagonal on each side, or removes one at the edge of the box, so that every second one is looked at.
void MiddleSnake::Front::widen(int64_t least, int64_t most, int64_t outside)
{
    if (low > least)
        reach[--low - 1] = outside;
    else
        ++low;
    if (high < most)
        reach[++high + 1] = outside;
    else
        --high;
}

bool MiddleSnake::advance_forward(const Box& box, bool meets, Split& split)
{
    int64_t* reach = m_forward.reach;
    for (int64_t diagonal = m_forward.high; diagonal >= m_forward.low; diagonal -= 2) {
        int64_t at = std::max(reach[diagonal - 1] + 1, reach[diagonal + 1]);
        int64_t other = at - diagonal, begin = at;
        while (at < box.old_end && other < box.new_end &&
               m_before[static_cast<size_t>(at)] == m_after[static_cast<size_t>(other)])
            ++at, ++other;
        m_has_run |= at - begin > long_run;
        reach[diagonal] = at;
        if (meets && m_backward.low <= diagonal && diagonal <= m_backward.high && m_backward.reach[diagonal] <= at) {
            split = {at, other};
            return true;
        }
    }
    return false;
}

bool MiddleSnake::advance_backward(const Box& box, bool meets, Split& split)
{
    int64_t* reach = m_backward.reach;
    for (int64_t diagonal = m_backward.high; diagonal >= m_backward.low; diagonal -= 2) {
        int64_t at = reach[diagonal - 1] < reach[diagonal + 1] ? reach[diagonal - 1] : reach[diagonal + 1] - 1;
        int64_t other = at - diagonal, begin = at;
        while (at > box.old_begin && other > box.new_begin &&
               m_before[static_cast<size_t>(at - 1)] == m_after[static_cast<size_t>(other - 1)])
            --at, --other;
        m_has_run |= begin - at > long_run;
        reach[diagonal] = at;
        if (meets && m_forward.low <= diagonal && diagonal <= m_forward.high && at <= m_forward.reach[diagonal]) {
            split = {at, other};
            return true;
        }
    }
    return false;
}

/// Whether a long run of equal lines begins there.
bool MiddleSnake::is_run(int64_t old_at, int64_t new_at) const
{
    auto length = static_cast<size_t>(long_run);
    auto before = m_before.subspan(static_cast<size_t>(old_at), length);
    return std::equal(before.begin(), before.end(), m_after.begin() + new_at);
}

/// Of the places that paths have reached, the one that is furthest from its end and closest to the straight way, if it
/// is far enough for its number of edits and follows a long run.
bool MiddleSnake::find_promising_forward(const Box& box, int64_t edits, Split& split) const
{
    int64_t best = 0, straight = box.old_begin - box.new_begin;
    for (int64_t diagonal = m_forward.high; diagonal >= m_forward.low; diagonal -= 2) {
        int64_t at = m_forward.reach[diagonal], other = at - diagonal;
        int64_t worth = (at - box.old_begin) + (other - box.new_begin) - std::abs(diagonal - straight);
        if (worth > promising_factor * edits && worth > best && box.old_begin + long_run <= at && at < box.old_end &&
            box.new_begin + long_run <= other && other < box.new_end && is_run(at - long_run, other - long_run)) {
            best = worth;
            split = {at, other, true, false};
        }
    }
    return best > 0;
}

bool MiddleSnake::find_promising_backward(const Box& box, int64_t edits, Split& split) const
{
    int64_t best = 0, straight = box.old_end - box.new_end;
    for (int64_t diagonal = m_backward.high; diagonal >= m_backward.low; diagonal -= 2) {
        int64_t at = m_backward.reach[diagonal], other = at - diagonal;
        int64_t worth = (box.old_end - at) + (box.new_end - other) - std::abs(diagonal - straight);
        if (worth > promising_factor * edits && worth > best && box.old_begin < at && at <= box.old_end - long_run &&
            box.new_begin < other && other <= box.new_end - long_run && is_run(at, other)) {
            best = worth;
            split = {at, other, false, true};
        }
    }
    return best > 0;
}

bool MiddleSnake::find_promising(const Box& box, int64_t edits, Split& split) const
{
    return m_has_run && edits > promising_from &&
           (find_promising_forward(box, edits, split) || find_promising_backward(box, edits, split));
}

/// Divides where a path has come furthest, from either end.
Split MiddleSnake::give_up(const Box& box) const
{
    int64_t furthest = -1, furthest_at = -1;
    for (int64_t diagonal = m_forward.high; diagonal >= m_forward.low; diagonal -= 2) {
        int64_t at = std::min({m_forward.reach[diagonal], box.old_end, box.new_end + diagonal});
        if (at + at - diagonal > furthest) {
            furthest = at + at - diagonal;
            furthest_at = at;
        }
    }
    int64_t nearest = far_away, nearest_at = far_away;
    for (int64_t diagonal = m_backward.high; diagonal >= m_backward.low; diagonal -= 2) {
        int64_t at = std::max({m_backward.reach[diagonal], box.old_begin, box.new_begin + diagonal});
        if (at + at - diagonal < nearest) {
            nearest = at + at - diagonal;
            nearest_at = at;
        }
    }
    bool is_forward = box.old_end + box.new_end - nearest < furthest - (box.old_begin + box.new_begin);
    return is_forward ? Split{furthest_at, furthest - furthest_at, true, false}
                      : Split{nearest_at, nearest - nearest_at, false, true};
}

Split MiddleSnake::find(const Box& box, bool is_exact)
{
    int64_t least = box.old_begin - box.new_end, most = box.old_end - box.new_begin;
    int64_t first = box.old_begin - box.new_begin, last = box.old_end - box.new_end;
    bool meets_forward = (first - last) % 2 != 0;
    m_forward.low = m_forward.high = first;
    m_forward.reach[first] = box.old_begin;
    m_backward.low = m_backward.high = last;
    m_backward.reach[last] = box.old_end;
    Split split;
    for (int64_t edits = 1;; ++edits) {
        m_has_run = false;
        m_forward.widen(least, most, -1);
        if (advance_forward(box, meets_forward, split))
            return split;
        m_backward.widen(least, most, far_away);
        if (advance_backward(box, !meets_forward, split))
            return split;
        if (is_exact)
            continue;
        if (find_promising(box, edits, split))
            return split;
        if (edits >= m_most_edits)
            return give_up(box);
    }
}

} // namespace quire::git
