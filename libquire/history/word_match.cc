#include "history/word_match.h"

#include <algorithm>
#include <cmath>

namespace quire::history {

/// The most windows that find() tries.
constexpr size_t max_windows = 4'000'000;

static uint64_t pair_of(uint32_t first, uint32_t second) { return uint64_t{first} << 32 | second; }

static bool is_word_byte(char byte)
{
    auto value = static_cast<unsigned char>(byte);
    return (value >= '0' && value <= '9') || ((value | 32) >= 'a' && (value | 32) <= 'z') || value == '_' ||
           value >= 0x80;
}

/// Calls take(pair) for each word of the text and the word before it, whatever they stand in. `last` is the hash of the
/// last word so far.
template <typename Take>
static void each_pair(std::string_view text, uint32_t& last, Take take)
{
    for (size_t i = 0; i < text.size();) {
        if (!is_word_byte(text[i])) {
            ++i;
            continue;
        }
        uint32_t hash = 2166136261u;
        for (; i < text.size() && is_word_byte(text[i]); ++i)
            hash = (hash ^ static_cast<unsigned char>(text[i])) * 16777619u;
        take(pair_of(last, hash));
        last = hash;
    }
}

/// Calls take(pair, line) for lines.
template <typename Take>
static void each_pair(const SourceLines& text, LineRange lines, Take take)
{
    uint32_t last = 0;
    for (uint32_t line = lines.begin; line < lines.end; ++line)
        each_pair(text[line].text, last, [&](uint64_t pair) { take(pair, line); });
}

static bool has_words(const SourceLines& text, uint32_t line)
{
    return std::ranges::any_of(text[line].text, is_word_byte);
}

WordMatch::WordMatch(const SourceLines& before, const LineMask& not_before, const SourceLines& after,
                     const LineMask& not_after, LineRange block)
    : m_before(before), m_not_before(not_before), m_after(after), m_block(block)
{
    each_pair(before, {0, before.size()}, [&](uint64_t pair, uint32_t line) {
        m_pairs.push_back(pair);
        m_line_of.push_back(line);
        ++m_counts[pair];
    });
    each_pair(after, block, [&](uint64_t pair, uint32_t line) {
        m_block_weight += weight_of(pair);
        if (!not_after[line])
            ++m_wanted[pair];
    });
}

double WordMatch::weight_of(uint64_t pair) const
{
    auto found = m_counts.find(pair);
    return found == m_counts.end() ? 1 : 1 / std::sqrt(found->second);
}

WordMatch::Likeness WordMatch::compare(LineRange lines) const
{
    Likeness likeness{0, m_block_weight, 0};
    Counts left = m_wanted;
    auto first = std::lower_bound(m_line_of.begin(), m_line_of.end(), lines.begin);
    for (auto at = static_cast<size_t>(first - m_line_of.begin()); at < m_pairs.size() && m_line_of[at] < lines.end;
         ++at) {
        double weight = weight_of(m_pairs[at]);
        likeness.source += weight;
        auto wanted = left.find(m_pairs[at]);
        if (wanted == left.end() || wanted->second == 0 || m_not_before[m_line_of[at]])
            continue;
        --wanted->second;
        likeness.common += weight;
    }
    return likeness;
}

std::optional<LineRange> WordMatch::find(LineRange except) const
{
    struct Row {
        uint32_t line = 0;
        double gain = 0, weight_before = 0, weight = 0;
    };
    // Only lines that have something of the block can begin or end the best stretch.
    std::vector<Row> rows;
    double weight = 0;
    for (size_t at = 0; at < m_pairs.size();) {
        Row row{m_line_of[at], 0, weight, 0};
        for (; at < m_pairs.size() && m_line_of[at] == row.line; ++at) {
            double one = weight_of(m_pairs[at]);
            row.weight += one;
            auto wanted = m_wanted.find(m_pairs[at]);
            if (wanted != m_wanted.end() && !m_not_before[row.line])
                row.gain += one * std::min(1.0, static_cast<double>(wanted->second) / m_counts.at(m_pairs[at]));
        }
        weight += row.weight;
        if (row.gain > 0 && !except.holds(row.line))
            rows.push_back(row);
    }
    std::optional<LineRange> best;
    double best_share = 0;
    size_t windows = 0;
    for (size_t first = 0; first < rows.size() && windows < max_windows; ++first) {
        double gain = 0;
        for (size_t last = first; last < rows.size(); ++last, ++windows) {
            gain += rows[last].gain;
            double all = rows[last].weight_before + rows[last].weight - rows[first].weight_before;
            bool is_across = rows[first].line < except.begin && rows[last].line >= except.end;
            if (all > 4 * m_block_weight + 10 || is_across)
                break;
            double share = 2 * std::min(gain, m_block_weight) / (m_block_weight + all);
            if (share > best_share) {
                best_share = share;
                best = LineRange{rows[first].line, rows[last].line + 1};
            }
        }
    }
    if (!best)
        return std::nullopt;
    // Lines without words, such as a brace, belong to what they close.
    bool ends_without = m_block.size() > 1 && !has_words(m_after, m_block.end - 1);
    while (ends_without && best->end < m_before.size() && !m_before[best->end].is_blank &&
           !has_words(m_before, best->end))
        ++best->end;
    return best;
}

WordSample::WordSample(std::string_view block)
{
    uint32_t last = 0;
    each_pair(block, last, [&](uint64_t pair) {
        ++m_pairs[pair];
        ++m_all;
    });
}

double WordSample::lost(std::string_view before, std::string_view after) const
{
    std::unordered_map<uint64_t, int64_t> counts;
    uint32_t last = 0;
    each_pair(before, last, [&](uint64_t pair) {
        if (m_pairs.contains(pair))
            ++counts[pair];
    });
    if (counts.empty())
        return 0;
    last = 0;
    each_pair(after, last, [&](uint64_t pair) {
        if (auto known = counts.find(pair); known != counts.end())
            --known->second;
    });
    int64_t found = 0;
    for (const auto& [pair, count] : counts)
        found += std::clamp<int64_t>(count, 0, m_pairs.at(pair));
    return m_all > 0 ? static_cast<double>(found) / m_all : 0;
}

} // namespace quire::history
