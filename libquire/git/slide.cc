#include "git/slide.h"

#include <algorithm>
#include <optional>

namespace quire::git {

constexpr int most_blank_lines = 20; ///< how many are counted
constexpr size_t furthest = 100;     ///< how many lines a change is moved at most for better reading

namespace {

/// Neighbouring changed lines, perhaps none, before an unchanged line or the end. Both sides have equally many groups,
/// because they have equally many unchanged lines.
struct Group {
    explicit Group(const ChangedLines& of) : changes(&of) { extend_down(); }
    const ChangedLines* changes;
    size_t begin = 0, end = 0;

    bool is_empty() const { return begin == end; }
    void extend_down()
    {
        while (changes->has(end))
            ++end;
    }
    void extend_up()
    {
        while (begin > 0 && changes->has(begin - 1))
            --begin;
    }
    bool to_next()
    {
        if (end == changes->size())
            return false;
        begin = ++end;
        extend_down();
        return true;
    }
    void to_previous()
    {
        if (begin == 0)
            return;
        end = --begin;
        extend_up();
    }
};

/// What an edge of a change looks like: the place before a line.
struct Edge {
    bool is_at_end = false;
    int indent = -1;        ///< of the line after it; -1: that is blank, or there is none
    int blank_before = 0;   ///< how many blank lines precede it
    int indent_before = -1; ///< of the last line before it that is not blank
    int blank_after = 0;    ///< how many blank lines follow the line after it
    int indent_after = -1;  ///< of the first line after those that is not blank
};

/// How bad a place for a change is: first by the indentation at its edges, then by the rest.
struct Badness {
    int indent = 0, penalty = 0;
    bool is_no_worse_than(const Badness& other) const
    {
        constexpr int weight_of_indent = 60;
        int order = (indent > other.indent) - (indent < other.indent);
        return weight_of_indent * order + penalty - other.penalty <= 0;
    }
};

class Slider {
public:
    Slider(const LineTable* table, std::span<const uint32_t> lines, ChangedLines& changes, const ChangedLines& other)
        : m_table(table), m_lines(lines), m_changes(changes), m_group(changes), m_other(other)
    {}

    void run()
    {
        do {
            if (!m_group.is_empty())
                place();
        } while (m_group.to_next() && m_other.to_next());
    }

private:
    /// Moves the group one line up and joins it with what it meets there.
    bool move_up()
    {
        if (m_group.begin == 0 || m_lines[m_group.begin - 1] != m_lines[m_group.end - 1])
            return false;
        m_changes.set(--m_group.begin);
        m_changes.clear(--m_group.end);
        m_group.extend_up();
        m_other.to_previous();
        return true;
    }

    bool move_down()
    {
        if (m_group.end == m_lines.size() || m_lines[m_group.begin] != m_lines[m_group.end])
            return false;
        m_changes.clear(m_group.begin++);
        m_changes.set(m_group.end++);
        m_group.extend_down();
        m_other.to_next();
        return true;
    }

    void place()
    {
        size_t size = 0, highest_end = 0;
        bool meets_other = false;
        do { // repeats after it has joined another one
            size = m_group.end - m_group.begin;
            while (move_up()) {
            }
            highest_end = m_group.end;
            meets_other = !m_other.is_empty();
            while (move_down())
                meets_other |= !m_other.is_empty();
        } while (size != m_group.end - m_group.begin);
        if (m_group.end == highest_end)
            return;
        if (meets_other) {
            while (m_other.is_empty() && move_up()) {
            }
            return;
        }
        if (!m_table)
            return;
        size_t end = best_end(size, highest_end);
        while (m_group.end > end && move_up()) {
        }
    }

    size_t best_end(size_t size, size_t highest_end) const
    {
        size_t lowest_end = m_group.end;
        size_t end = highest_end;
        if (lowest_end > size + 1)
            end = std::max(end, lowest_end - size - 1);
        if (lowest_end > furthest)
            end = std::max(end, lowest_end - furthest);
        size_t best_end = end;
        std::optional<Badness> best;
        for (; end <= lowest_end; ++end) {
            Badness badness;
            add(edge_at(end), badness);
            add(edge_at(end - size), badness);
            if (!best || badness.is_no_worse_than(*best)) {
                best = badness;
                best_end = end;
            }
        }
        return best_end;
    }

    int indent_at(size_t line) const { return m_table->indent(m_lines[line]); }

    Edge edge_at(size_t place) const
    {
        Edge edge;
        edge.is_at_end = place >= m_lines.size();
        if (!edge.is_at_end)
            edge.indent = indent_at(place);
        for (size_t i = place; i > 0 && edge.indent_before == -1; --i)
            look(indent_at(i - 1), edge.blank_before, edge.indent_before);
        for (size_t i = place + 1; i < m_lines.size() && edge.indent_after == -1; ++i)
            look(indent_at(i), edge.blank_after, edge.indent_after);
        return edge;
    }

    static void look(int indent, int& blank, int& found)
    {
        found = indent;
        if (indent == -1 && ++blank == most_blank_lines)
            found = 0;
    }

    static void add(const Edge& edge, Badness& badness)
    {
        constexpr int at_start = 1, at_end = 21, blank = -30, blank_behind = 6;
        int behind = edge.indent == -1 ? 1 + edge.blank_after : 0;
        int blanks = edge.blank_before + behind;
        int indent = edge.indent != -1 ? edge.indent : edge.indent_after;
        if (edge.indent_before == -1 && edge.blank_before == 0)
            badness.penalty += at_start;
        if (edge.is_at_end)
            badness.penalty += at_end;
        badness.penalty += blank * blanks + blank_behind * behind;
        badness.indent += indent;
        if (indent != -1 && edge.indent_before != -1)
            badness.penalty += of_step(indent, edge, blanks != 0);
    }

    /// How bad it is that the indentation differs from that of the line before.
    static int of_step(int indent, const Edge& edge, bool has_blanks)
    {
        if (indent > edge.indent_before)
            return has_blanks ? 10 : -4;
        if (indent == edge.indent_before)
            return 0;
        if (edge.indent_after > indent) // a block begins here
            return has_blanks ? 17 : 24;
        return has_blanks ? 17 : 23; // a block has ended
    }

    const LineTable* m_table;
    std::span<const uint32_t> m_lines;
    ChangedLines& m_changes;
    Group m_group, m_other; ///< the same group on both sides
};

} // namespace

void slide(const LineTable* table, std::span<const uint32_t> lines, ChangedLines& changes, const ChangedLines& other)
{
    Slider(table, lines, changes, other).run();
}

} // namespace quire::git
