// Where a text is opened in its middle and what is before is too much to read: looks a little way back for the comment
// or string that is open there.
#include <algorithm>

#include "base/strings.h"
#include "text/highlight/line_lexer.h"

namespace quire::text {

constexpr size_t looked_at = 2048;
constexpr size_t most_marks = 16; ///< that turn out to be a part of something else
constexpr size_t longest_first_line = 200;

namespace {

/// Finds what is open at the end of a stretch of text.
class OpenMark {
public:
    OpenMark(const LanguageTable& table, std::string_view stretch) : m_table(table), m_text(stretch)
    {
        for (std::string_view mark : table.block_comment)
            if (!mark.empty())
                m_begins_mark[static_cast<unsigned char>(mark[0])] = true;
        for (const Quote& quote : table.quotes)
            if (is_long(quote))
                m_begins_mark[static_cast<unsigned char>(quote.open[0])] = true;
    }

    /// Where the line begins on which it was opened; npos: nothing is open.
    size_t find_line() const
    {
        const auto& [open, close] = m_table.block_comment;
        size_t tries = 0;
        for (size_t i = m_text.size(); i-- > 0 && tries < most_marks;) {
            if (!m_begins_mark[static_cast<unsigned char>(m_text[i])])
                continue;
            std::string_view rest = m_text.substr(i);
            if (!open.empty() && rest.starts_with(close))
                return std::string_view::npos;
            if (!open.empty() && rest.starts_with(open)) {
                if (is_code(i))
                    return line_begin(i);
                ++tries;
            }
            for (const Quote& quote : m_table.quotes)
                if (is_long(quote) && rest.starts_with(quote.open))
                    return opens(i, quote.open.size()) ? line_begin(i) : std::string_view::npos;
        }
        return std::string_view::npos;
    }

private:
    static bool is_long(const Quote& quote) { return quote.spans_lines && quote.open.size() >= 3; }
    size_t line_begin(size_t at) const { return at == 0 ? 0 : m_text.rfind('\n', at - 1) + 1; }
    std::string_view before(size_t at) const ///< on its line
    {
        size_t begin = line_begin(at);
        return m_text.substr(begin, at - begin);
    }

    /// Whether no line comment or string has begun before it on its line.
    bool is_code(size_t at) const
    {
        std::string_view line = before(at);
        for (std::string_view mark : m_table.line_comments)
            if (!mark.empty() && line.find(mark) != std::string_view::npos)
                return false;
        return std::count(line.begin(), line.end(), '"') % 2 == 0;
    }

    /// Whether a mark such as """, which looks alike at both ends, is the first one: a value is expected there.
    bool opens(size_t at, size_t size) const
    {
        std::string_view line = without_prefix(before(at)), after = m_text.substr(at + size);
        if (!line.empty())
            return expects_value(line.back());
        if (!trim(take_until(after, '\n')).empty())
            return true;
        std::string_view lines_before = m_text.substr(0, line_begin(at));
        size_t last = lines_before.find_last_not_of(" \t\r\n");
        return last == std::string_view::npos || expects_value(lines_before[last]);
    }
    /// Without blanks, and the letters that say what kind of string it is: r"""
    static std::string_view without_prefix(std::string_view line)
    {
        constexpr size_t longest_prefix = 2;
        size_t end = line.size();
        while (end > 0 && line.size() - end <= longest_prefix && is_word_byte(line[end - 1]))
            --end;
        return trim(line.size() - end <= longest_prefix ? line.substr(0, end) : line);
    }
    static bool expects_value(char last) { return std::string_view("=([{,:+").find(last) != std::string_view::npos; }

    const LanguageTable& m_table;
    std::string_view m_text;
    std::array<bool, 256> m_begins_mark{};
};

} // namespace

HighlightState likely_state(const Language* language, std::string_view text, size_t at)
{
    Highlighter highlighter(language);
    if (!language || at == 0)
        return highlighter.state();
    // The first line may lead into another language, as "<?php" does; but what else it opens has an end.
    HighlightState plain = highlighter.state();
    std::string_view rest = text, first_line = take_until(rest, '\n');
    if (first_line.size() <= longest_first_line) {
        highlighter.line(first_line);
        const HighlightState& state = highlighter.state();
        if (state.in_heredoc || state.heredoc_count > 0 || state.frames[state.depth - 1].mode != mode::code)
            highlighter.resume(plain);
    }
    size_t begin = at - std::min(at, looked_at);
    std::string_view stretch = text.substr(begin, at - begin);
    size_t open = OpenMark(language->table, stretch).find_line();
    if (open != std::string_view::npos)
        highlighter.skip(stretch.substr(open));
    return highlighter.state();
}

} // namespace quire::text
