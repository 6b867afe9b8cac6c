#include "web/code/hit_lines.h"

#include <algorithm>

#include "base/strings.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t shown_bytes = 400;
constexpr std::string_view ellipsis = "…";

/// Shows the part of a long line that has its first mark.
static ShownLine cut(std::string_view line, const search::Line& found)
{
    ShownLine shown{.number = found.number, .text = std::string(line.substr(0, shown_bytes)), .marks = found.marks};
    std::erase_if(shown.marks, [&](const auto& mark) { return mark.second > shown.text.size(); });
    if (!shown.marks.empty() || found.marks.empty())
        return shown;
    size_t begin = found.marks[0].first - std::min<size_t>(found.marks[0].first, shown_bytes / 4);
    while (begin > 0 && (static_cast<unsigned char>(line[begin]) & 0xc0) == 0x80)
        --begin;
    shown.text = std::string(ellipsis) + std::string(line.substr(begin, shown_bytes));
    for (auto [first, last] : found.marks) {
        size_t low = first - begin + ellipsis.size(), high = last - begin + ellipsis.size();
        if (first >= begin && high <= shown.text.size())
            shown.marks.emplace_back(low, high);
    }
    return shown;
}

namespace {

/// Makes lines one after the other, and colours each stretch of them.
class LinesOfFile {
public:
    LinesOfFile(std::string_view path, std::string_view text)
        : m_text(text), m_language(text::find_language(path.substr(path.rfind('/') + 1), text)),
          m_highlighter(m_language)
    {}

    std::vector<ShownLine> take() { return std::move(m_lines); }
    uint32_t last() const { return m_lines.empty() ? 0 : m_lines.back().number; }

    void add(const search::Line& found)
    {
        add(cut(m_text.substr(found.begin, found.end - found.begin), found), found.begin, found.end);
    }

    void add_before(const search::Line& line, size_t count)
    {
        std::vector<std::pair<size_t, size_t>> spans; // the nearest first
        for (size_t end = line.begin; spans.size() < count && line.number - spans.size() > last() + 1;) {
            --end; // the newline
            size_t begin = end == 0 ? 0 : m_text.rfind('\n', end - 1) + 1;
            spans.emplace_back(begin, end);
            end = begin;
        }
        for (size_t i = spans.size(); i > 0; --i)
            if (!begins_blank(static_cast<uint32_t>(line.number - i), spans[i - 1]))
                add_context(static_cast<uint32_t>(line.number - i), spans[i - 1].first, spans[i - 1].second);
    }

    /// Up to the line `next`.
    void add_after(const search::Line& line, size_t count, uint32_t next)
    {
        size_t begin = m_text.find('\n', line.end);
        for (uint32_t number = line.number + 1; number < next && number - line.number <= count; ++number) {
            if (begin == std::string_view::npos || ++begin >= m_text.size())
                return;
            size_t end = std::min(m_text.find('\n', begin), m_text.size());
            bool is_last = number + 2 < next && number - line.number == count;
            if (!is_last || !is_blank(begin, end))
                add_context(number, begin, end);
            begin = end < m_text.size() ? end : std::string_view::npos;
        }
    }

private:
    /// At the ends of a stretch, empty lines say nothing.
    bool begins_blank(uint32_t number, std::pair<size_t, size_t> span) const
    {
        return (m_lines.empty() || number != last() + 1) && is_blank(span.first, span.second);
    }
    bool is_blank(size_t begin, size_t end) const { return trim(m_text.substr(begin, end - begin)).empty(); }

    void add_context(uint32_t number, size_t begin, size_t end)
    {
        ShownLine line{.number = number, .text = {}, .marks = {}, .is_context = true};
        line.text = m_text.substr(begin, std::min(end - begin, shown_bytes));
        add(std::move(line), begin, end);
    }

    void add(ShownLine line, size_t begin, size_t end)
    {
        if (m_language && !line.text.starts_with(ellipsis)) {
            if (line.number != last() + 1)
                m_highlighter.resume(text::likely_state(m_language, m_text, begin));
            constexpr size_t longest = 2000; // of a longer line the rest counts as plain
            line.colours = runs_of(m_highlighter.line(m_text.substr(begin, std::min(end - begin, longest))));
        }
        m_lines.push_back(std::move(line));
    }

    std::string_view m_text;
    const text::Language* m_language;
    text::Highlighter m_highlighter;
    std::vector<ShownLine> m_lines;
};

} // namespace

std::vector<ShownLine> shown_lines(std::string_view path, std::string_view text, const std::vector<search::Line>& found,
                                   Around around)
{
    LinesOfFile lines(path, text);
    for (size_t i = 0; i < found.size(); ++i) {
        lines.add_before(found[i], around.before);
        lines.add(found[i]);
        lines.add_after(found[i], around.after, i + 1 < found.size() ? found[i + 1].number : UINT32_MAX);
    }
    return lines.take();
}

ShownLine shown_line(std::string_view path, std::string_view line, const search::Line& found)
{
    ShownLine shown = cut(line, found);
    if (!shown.text.starts_with(ellipsis))
        shown.colours =
            runs_of(text::Highlighter(text::find_language(path.substr(path.rfind('/') + 1), "")).line(shown.text));
    return shown;
}

std::vector<size_t> common_indents(const std::vector<ShownLine>& lines)
{
    std::vector<size_t> indents;
    while (indents.size() < lines.size()) {
        size_t begin = indents.size(), end = begin + 1;
        while (end < lines.size() && lines[end].number == lines[end - 1].number + 1)
            ++end;
        std::string_view common;
        bool is_first = true;
        for (size_t i = begin; i < end; ++i) {
            std::string_view text = lines[i].text;
            std::string_view blanks = text.substr(0, text.find_first_not_of(" \t"));
            if (blanks.size() == text.size()) // nothing else is in it
                continue;
            if (!lines[i].marks.empty())
                blanks = blanks.substr(0, lines[i].marks[0].first);
            auto same = std::mismatch(common.begin(), common.end(), blanks.begin(), blanks.end()).first;
            common = is_first ? blanks : common.substr(0, static_cast<size_t>(same - common.begin()));
            is_first = false;
        }
        for (size_t i = begin; i < end; ++i)
            indents.push_back(lines[i].text.starts_with(common) ? common.size() : 0);
    }
    return indents;
}

Html markup_of(const ShownLine& line, size_t indent)
{
    Html html;
    std::string_view text = line.text;
    if (indent > 0)
        html.add("<span class=\"in\">{}</span>", text.substr(0, indent));
    size_t at = indent;
    for (auto [begin, end] : line.marks) {
        if (begin < at || end > text.size())
            continue;
        html.append(coloured(text, line.colours, at, begin));
        html.add("<mark>{}</mark>", coloured(text, line.colours, begin, end));
        at = end;
    }
    return html.append(coloured(text, line.colours, at, text.size()));
}

} // namespace quire::web
