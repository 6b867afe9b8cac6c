#include "git/text_diff.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/result.h"
#include "git/line_diff.h"

namespace quire::git {

constexpr size_t context = 3;
constexpr size_t most_of_function = 80; ///< bytes of it in a header

/// The number of all lines in the common beginning and end that equal none of those that may have changed.
constexpr uint32_t elsewhere = 0;

namespace {

/// A text as lines and their numbers.
struct Lines {
    explicit Lines(std::string_view whole) : text(whole)
    {
        starts.reserve(text.size() / 32); // as long as lines of code are
        for (size_t at = 0; at < text.size();) {
            starts.push_back(static_cast<uint32_t>(at));
            const void* newline = std::memchr(text.data() + at, '\n', text.size() - at);
            at = newline ? static_cast<size_t>(static_cast<const char*>(newline) - text.data()) + 1 : text.size();
        }
        numbers.resize(starts.size(), elsewhere);
        starts.push_back(static_cast<uint32_t>(text.size()));
    }
    size_t size() const { return numbers.size(); }
    /// How many lines begin in the first bytes.
    size_t lines_in(size_t bytes) const
    {
        return static_cast<size_t>(std::lower_bound(starts.begin(), starts.end() - 1, bytes) - starts.begin());
    }
    std::string_view operator[](size_t line) const
    {
        return text.substr(starts[line], starts[line + 1] - starts[line]);
    }

    std::string_view text;
    std::vector<uint32_t> starts; ///< and the text's end
    std::vector<uint32_t> numbers;
};

/// The first bytes that are the same in both.
size_t common_begin(std::string_view a, std::string_view b)
{
    size_t shorter = std::min(a.size(), b.size()), same = 0;
    for (size_t step : {size_t{4096}, size_t{64}, size_t{1}})
        while (same + step <= shorter && std::memcmp(a.data() + same, b.data() + same, step) == 0)
            same += step;
    return same;
}

size_t common_end(std::string_view a, std::string_view b)
{
    size_t shorter = std::min(a.size(), b.size()), same = 0;
    const char *a_end = a.data() + a.size(), *b_end = b.data() + b.size();
    for (size_t step : {size_t{4096}, size_t{64}, size_t{1}})
        while (same + step <= shorter && std::memcmp(a_end - same - step, b_end - same - step, step) == 0)
            same += step;
    return same;
}

/// The bytes of the last lines, if both have the same.
size_t common_lines_at_end(std::string_view a, std::string_view b)
{
    size_t same = common_end(a, b);
    auto begins_line = [&](std::string_view text) {
        return same == text.size() || text[text.size() - same - 1] == '\n';
    };
    if (begins_line(a) && begins_line(b))
        return same;
    size_t newline = a.find('\n', a.size() - same);
    return newline == std::string_view::npos ? 0 : a.size() - newline - 1;
}

/// Numbers for lines, which it does not copy.
class LineNumbers {
public:
    explicit LineNumbers(size_t most_lines) : m_lines(1), m_slots(std::bit_ceil(most_lines * 2 + 2)) {}

    uint32_t number_of(std::string_view line)
    {
        Slot& slot = slot_of(line);
        if (slot.number == elsewhere) {
            slot.number = static_cast<uint32_t>(m_lines.size());
            m_lines.push_back(line);
        }
        return slot.number;
    }
    /// `elsewhere` if it has none.
    uint32_t find(std::string_view line) { return slot_of(line).number; }
    size_t size() const { return m_lines.size(); }

private:
    struct Slot {
        uint32_t hash = 0, number = elsewhere;
    };
    Slot& slot_of(std::string_view line)
    {
        uint64_t hash = hash_of_line(line);
        auto rest = static_cast<uint32_t>(hash >> 32);
        size_t at = hash & (m_slots.size() - 1);
        while (m_slots[at].number != elsewhere && !(m_slots[at].hash == rest && m_lines[m_slots[at].number] == line))
            at = (at + 1) & (m_slots.size() - 1);
        m_slots[at].hash = rest;
        return m_slots[at];
    }

    std::vector<std::string_view> m_lines; ///< by number
    std::vector<Slot> m_slots;             ///< at most half of them are in use
};

class TextDiff {
public:
    TextDiff(std::string_view before, std::string_view after, const HunkTaker& taker)
        : m_taker(taker), m_before(before), m_after(after)
    {}

    void run()
    {
        std::vector<Hunk> changes = LineDiff(number_lines()).compare(m_before.numbers, m_after.numbers);
        auto is_near = [](const Hunk& change, const Hunk& next) {
            return next.old_start <= change.old_start + change.old_count + 2 * context;
        };
        for (size_t i = 0, end = 0; i < changes.size(); i = end) {
            end = i + 1;
            while (end < changes.size() && is_near(changes[end - 1], changes[end]))
                ++end;
            show(std::span(changes).subspan(i, end - i));
        }
    }

private:
    /// Returns how many numbers there are.
    size_t number_lines()
    {
        std::string_view before = m_before.text, after = m_after.text;
        size_t head = common_begin(before, after);
        while (head > 0 && before[head - 1] != '\n')
            --head;
        size_t tail = common_lines_at_end(before.substr(head), after.substr(head));
        size_t first = m_before.lines_in(head), old_end = m_before.lines_in(before.size() - tail),
               new_end = m_after.lines_in(after.size() - tail);
        // The lines that may have changed come first: in the rest, only what equals one of them is of interest.
        LineNumbers numbers(old_end - first + new_end - first);
        for (size_t i = first; i < old_end; ++i)
            m_before.numbers[i] = numbers.number_of(m_before[i]);
        for (size_t i = first; i < new_end; ++i)
            m_after.numbers[i] = numbers.number_of(m_after[i]);
        for (size_t i = 0; i < first; ++i)
            m_before.numbers[i] = m_after.numbers[i] = numbers.find(m_before[i]);
        for (size_t i = 0; old_end + i < m_before.size(); ++i)
            m_before.numbers[old_end + i] = m_after.numbers[new_end + i] = numbers.find(m_before[old_end + i]);
        return numbers.size();
    }

    /// Changes that are near to each other.
    void show(std::span<const Hunk> changes)
    {
        const Hunk &first = changes.front(), &last = changes.back();
        size_t before = std::min<size_t>(context, std::min(first.old_start, first.new_start));
        size_t old_end = last.old_start + last.old_count, new_end = last.new_start + last.new_count;
        size_t after = std::min({context, m_before.size() - old_end, m_after.size() - new_end});
        size_t old_begin = first.old_start - before, new_begin = first.new_start - before;
        look_for_function(old_begin);
        m_taker.take_hunk(fmt::format("@@ -{} +{} @@{}{}", extent(old_begin, old_end + after),
                                      extent(new_begin, new_end + after), m_function.empty() ? "" : " ", m_function));
        size_t old_line = old_begin, new_line = new_begin;
        for (const Hunk& change : changes) {
            while (new_line < change.new_start)
                take(' ', old_line++, new_line++);
            for (size_t i = 0; i < change.old_count; ++i)
                take('-', old_line++, new_line);
            for (size_t i = 0; i < change.new_count; ++i)
                take('+', old_line, new_line++);
        }
        for (size_t i = 0; i < after; ++i)
            take(' ', old_line++, new_line++);
    }

    static std::string extent(size_t begin, size_t end)
    {
        size_t count = end - begin;
        return count == 1 ? fmt::format("{}", begin + 1) : fmt::format("{},{}", begin + (count > 0), count);
    }

    /// The last line above a hunk that looks like the head of a function; none in reach: that of the hunk before.
    void look_for_function(size_t hunk_begin)
    {
        for (size_t i = hunk_begin; i > m_looked_at; --i) {
            std::string_view line = m_before[i - 1];
            char first = line[0];
            if ((first < 'a' || first > 'z') && (first < 'A' || first > 'Z') && first != '_' && first != '$')
                continue;
            m_function = line.substr(0, line.find_last_not_of(" \t\n\f\r\v") + 1).substr(0, most_of_function);
            break;
        }
        m_looked_at = hunk_begin;
    }

    void take(char origin, size_t old_line, size_t new_line)
    {
        TextLine line{.origin = origin, .text = origin == '-' ? m_before[old_line] : m_after[new_line]};
        if (origin != '+')
            line.old_number = static_cast<int>(old_line) + 1;
        if (origin != '-')
            line.new_number = static_cast<int>(new_line) + 1;
        m_taker.take_line(line);
        if (line.text.ends_with('\n'))
            return;
        line.origin = '\\';
        line.text = "\n\\ No newline at end of file\n";
        m_taker.take_line(line);
    }

    const HunkTaker& m_taker;
    Lines m_before, m_after;
    std::string_view m_function; ///< for headers
    size_t m_looked_at = 0;      ///< lines above which no further function is looked for
};

} // namespace

void diff_texts(std::string_view before, std::string_view after, const HunkTaker& taker)
{
    TextDiff(before, after, taker).run();
}

} // namespace quire::git
