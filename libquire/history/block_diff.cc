#include "history/block_diff.h"

#include <algorithm>

#include "history/line_match.h"

namespace quire::history {

namespace {

/// The lines in the range; fewer if the text has fewer.
std::vector<std::string_view> part_of(std::string_view text, LineRange range)
{
    std::vector<std::string_view> lines = lines_of(text);
    size_t end = std::min<size_t>(range.end, lines.size()), begin = std::min<size_t>(range.begin, end);
    return {lines.begin() + static_cast<ptrdiff_t>(begin), lines.begin() + static_cast<ptrdiff_t>(end)};
}

class Writer {
public:
    Writer(LineRange old_lines, LineRange new_lines, const BlockDiffOptions& options)
        : m_old_lines(old_lines), m_new_lines(new_lines), m_options(options)
    {}

    void add(char origin, size_t before, size_t after, std::string_view text)
    {
        std::string_view kept = text.substr(0, m_options.max_line);
        m_lines.push_back({origin, origin == '+' ? 0 : static_cast<int>(m_old_lines.begin + before + 1),
                           origin == '-' ? 0 : static_cast<int>(m_new_lines.begin + after + 1), std::string(kept),
                           text.size() - kept.size()});
    }

    /// Drops lines that are far from all changes, and divides the rest into hunks.
    BlockDiff finish()
    {
        std::vector<bool> is_shown(m_lines.size());
        for (size_t i = 0; i < m_lines.size(); ++i) {
            if (m_lines[i].origin == ' ')
                continue;
            size_t begin = i - std::min(i, m_options.context),
                   end = std::min(i + m_options.context + 1, m_lines.size());
            std::fill(is_shown.begin() + static_cast<ptrdiff_t>(begin), is_shown.begin() + static_cast<ptrdiff_t>(end),
                      true);
        }
        BlockDiff diff;
        size_t count = 0;
        for (size_t i = 0; i < m_lines.size(); ++i) {
            if (!is_shown[i])
                continue;
            if (count++ == m_options.max_lines) {
                diff.is_cut = true;
                break;
            }
            if (i == 0 || !is_shown[i - 1])
                diff.hunks.emplace_back();
            diff.hunks.back().lines.push_back(std::move(m_lines[i]));
        }
        for (git::DiffHunk& hunk : diff.hunks)
            hunk.header = header_of(hunk);
        return diff;
    }

private:
    static std::string header_of(const git::DiffHunk& hunk)
    {
        int first_old = 0, first_new = 0, olds = 0, news = 0;
        for (const git::DiffLine& line : hunk.lines) {
            olds += line.old_number > 0;
            news += line.new_number > 0;
            first_old = first_old == 0 ? line.old_number : first_old;
            first_new = first_new == 0 ? line.new_number : first_new;
        }
        return fmt::format("@@ -{},{} +{},{} @@", first_old, olds, first_new, news);
    }

    LineRange m_old_lines, m_new_lines;
    const BlockDiffOptions& m_options;
    std::vector<git::DiffLine> m_lines;
};

} // namespace

BlockDiff diff_blocks(std::string_view before, LineRange old_lines, std::string_view after, LineRange new_lines,
                      const BlockDiffOptions& options)
{
    std::vector<std::string_view> olds = part_of(before, old_lines), news = part_of(after, new_lines);
    LineNumbers numbers;
    std::vector<LineRun> runs = match_lines(numbers.numbers(olds), numbers.numbers(news));
    runs.push_back({static_cast<uint32_t>(olds.size()), static_cast<uint32_t>(news.size()), 0});
    Writer writer(old_lines, new_lines, options);
    size_t i = 0, j = 0;
    for (const LineRun& run : runs) {
        for (; i < run.before; ++i)
            writer.add('-', i, j, olds[i]);
        for (; j < run.after; ++j)
            writer.add('+', i, j, news[j]);
        for (; i < run.before + run.count; ++i, ++j)
            writer.add(' ', i, j, news[j]);
    }
    return writer.finish();
}

} // namespace quire::history
