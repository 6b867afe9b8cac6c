#include "web/code/diff_lines.h"

#include <algorithm>

#include "web/code/code_view.h"
#include "web/code/word_diff.h"
#include "web/html/parts.h"

namespace quire::web {

namespace {

/// A line with what of it changed; nothing marked means that all of it did.
struct Marked {
    const git::DiffLine* line = nullptr;
    std::vector<Span> spans;
};

/// Removed lines and the added ones that took their place, side by side; a context line stands on both sides.
struct Pair {
    Marked before, after;
};

} // namespace

static const char* class_of(const git::DiffLine& line)
{
    return line.origin == '+' ? "add" : line.origin == '-' ? "del" : line.origin == ' ' ? "" : "note";
}

static Html text_of(const Marked& marked, const DiffColours& colours)
{
    Html html;
    std::string_view text = marked.line->text;
    const Runs& runs = colours.of(*marked.line);
    size_t at = 0;
    for (const Span& span : marked.spans) {
        html.append(coloured(text, runs, at, span.begin));
        html.add("<mark>{}</mark>", coloured(text, runs, span.begin, span.end));
        at = span.end;
    }
    html.append(coloured(text, runs, at, text.size()));
    if (marked.line->rest > 0)
        html.add("<span class=\"cut\"> … {} more</span>", shown_size(marked.line->rest));
    return html;
}

static std::string shown_number(int number) { return number > 0 ? std::to_string(number) : std::string(); }

/// The lines of a hunk in pairs: the i-th removed line of a block with the i-th added one.
static std::vector<Pair> pair_lines(const git::DiffHunk& hunk)
{
    const std::vector<git::DiffLine>& lines = hunk.lines;
    std::vector<Pair> pairs;
    for (size_t i = 0; i < lines.size();) {
        size_t removed = i;
        while (removed < lines.size() && lines[removed].origin == '-')
            ++removed;
        size_t added = removed;
        while (added < lines.size() && lines[added].origin == '+')
            ++added;
        if (added == i) {
            pairs.push_back({{&lines[i], {}}, {&lines[i], {}}});
            ++i;
            continue;
        }
        size_t olds = removed - i, news = added - removed;
        for (size_t k = 0; k < std::max(olds, news); ++k) {
            Pair& pair = pairs.emplace_back();
            pair.before.line = k < olds ? &lines[i + k] : nullptr;
            pair.after.line = k < news ? &lines[removed + k] : nullptr;
            if (!pair.before.line || !pair.after.line)
                continue;
            WordDiff words = diff_words(pair.before.line->text, pair.after.line->text);
            pair.before.spans = std::move(words.removed);
            pair.after.spans = std::move(words.added);
        }
        i = added;
    }
    return pairs;
}

static const MovedMark* mark_of(const git::DiffLine& line, const DiffSection& section)
{
    return section.moved ? section.moved->find(section.index, line) : nullptr;
}

/// Where one end of a run of moved lines is: its anchor, or a link to the other end's.
static std::string anchor_of(const MovedMark& mark, bool is_added)
{
    return fmt::format("m{}{}", mark.run, is_added ? "to" : "from");
}

/// At the first line of a run: where it came from, or went.
static Html moved_link(const git::DiffLine& line, const DiffSection& section)
{
    Html html;
    const MovedMark* mark = mark_of(line, section);
    if (!mark || !mark->is_first)
        return html;
    bool is_added = line.origin == '+';
    const git::FileDiff& other = section.diff->files[mark->other_file];
    html.add("<a class=\"moved\" id=\"{}\" href=\"{}\">{} lines moved {} ", anchor_of(*mark, is_added),
             Url::local("").at(anchor_of(*mark, !is_added)), grouped(mark->length), is_added ? "from" : "to");
    if (mark->other_file != section.index)
        html.add("{}, ", shown_name(is_added ? other.old_path : other.new_path));
    return html.add("line {}</a>", mark->other_line);
}

static bool is_folded(const git::DiffLine& line, const DiffSection& section)
{
    const MovedMark* mark = section.choice.folds_moved ? mark_of(line, section) : nullptr;
    return mark && !mark->is_first;
}

/// "": most lines have none.
static std::string classes_of(const git::DiffLine& line, const DiffSection& section)
{
    std::string classes = class_of(line);
    if (mark_of(line, section))
        classes += classes.empty() ? "moved" : " moved";
    return classes;
}

static void add_line(Html& html, const Marked& marked, const DiffSection& section)
{
    const git::DiffLine& line = *marked.line;
    if (is_folded(line, section))
        return;
    std::string classes = classes_of(line, section);
    if (classes.empty())
        html.add("<tr>");
    else
        html.add("<tr class=\"{}\">", classes);
    html.add("<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}{}</td></tr>\n", shown_number(line.old_number),
             shown_number(line.new_number), text_of(marked, section.colours), moved_link(line, section));
}

/// In one column a block's removed lines come before its added ones.
static void add_unified(Html& html, const std::vector<Pair>& pairs, const DiffSection& section)
{
    auto is_context = [](const Pair& pair) { return pair.before.line == pair.after.line; };
    for (size_t i = 0; i < pairs.size();) {
        size_t end = i + 1;
        while (!is_context(pairs[i]) && end < pairs.size() && !is_context(pairs[end]))
            ++end;
        for (size_t k = i; k < end; ++k)
            if (pairs[k].before.line)
                add_line(html, pairs[k].before, section);
        for (size_t k = i; k < end; ++k)
            if (pairs[k].after.line && !is_context(pairs[k]))
                add_line(html, pairs[k].after, section);
        i = end;
    }
}

static void add_side(Html& html, const Marked& marked, bool is_new, const DiffSection& section)
{
    if (!marked.line) {
        html.add("<td class=\"n none\"></td><td class=\"none\"></td>");
        return;
    }
    std::string classes = classes_of(*marked.line, section);
    std::string number = shown_number(is_new ? marked.line->new_number : marked.line->old_number);
    if (classes.empty())
        html.add("<td class=\"n\">{}</td><td>", number);
    else
        html.add("<td class=\"n {}\">{}</td><td class=\"{}\">", classes, number, classes);
    html.add("{}{}</td>", text_of(marked, section.colours), moved_link(*marked.line, section));
}

static void add_split(Html& html, const std::vector<Pair>& pairs, const DiffSection& section)
{
    auto is_gone = [&](const Marked& side) { return !side.line || is_folded(*side.line, section); };
    for (const Pair& pair : pairs) {
        if (is_gone(pair.before) && is_gone(pair.after))
            continue;
        html.add("<tr>");
        add_side(html, pair.before, false, section);
        add_side(html, pair.after, true, section);
        html.add("</tr>\n");
    }
}

/// A row that leads to the lines that are not here, or says where one is in the file.
static void add_gap(Html& html, const DiffSection& section, size_t gap, size_t hidden, std::string_view header)
{
    Html text;
    if (hidden > 0)
        text.add("<a rel=\"nofollow\" href=\"{}\" title=\"show lines that did not change\">{} {} {}</a> ",
                 section.opened(gap),
                 gap == 0                           ? "↑"
                 : gap == section.file.hunks.size() ? "↓"
                                                    : "↕",
                 grouped(hidden), hidden == 1 ? "line" : "lines");
    text.text(shown_name(header));
    html.add("<tr class=\"hunk\"><td class=\"n\"></td>");
    if (section.choice.is_split)
        html.add("<td colspan=\"3\">{}</td></tr>\n", text);
    else
        html.add("<td class=\"n\"></td><td>{}</td></tr>\n", text);
}

static void add_lines(Html& html, const git::DiffHunk& hunk, const DiffSection& section)
{
    std::vector<Pair> pairs = pair_lines(hunk);
    section.choice.is_split ? add_split(html, pairs, section) : add_unified(html, pairs, section);
}

namespace {

/// Where a hunk begins and ends in both versions; numbers count from 1, ends are behind the last line.
struct Extent {
    int old_begin = 0, new_begin = 0, old_end = 0, new_end = 0;
};

} // namespace

static Extent extent_of(const git::DiffHunk& hunk)
{
    Extent extent;
    for (const git::DiffLine& line : hunk.lines) {
        if (line.old_number > 0) {
            extent.old_begin = extent.old_begin > 0 ? extent.old_begin : line.old_number;
            extent.old_end = line.old_number + 1;
        }
        if (line.new_number > 0 && line.origin != '\\') {
            extent.new_begin = extent.new_begin > 0 ? extent.new_begin : line.new_number;
            extent.new_end = line.new_number + 1;
        }
    }
    return extent;
}

/// Lines between two hunks, if they were asked for: a few hundred next to each.
static void add_opened(Html& html, const DiffSection& section, size_t gap, size_t first, size_t last, int shift)
{
    auto add = [&](size_t from, size_t to) {
        section.colours.add_lines(from, to);
        git::DiffHunk context;
        context.lines = section.colours.context(from, to, static_cast<int>(from) + shift);
        add_lines(html, context, section);
    };
    constexpr size_t beside = 200;
    if (last - first + 1 <= 2 * beside)
        return add(first, last);
    if (gap > 0)
        add(first, first + beside - 1);
    add_gap(
        html, section, gap, 0,
        fmt::format("{} more lines: the whole file has them", grouped(last - first + 1 - beside * (gap > 0 ? 2 : 1))));
    add(last - beside + 1, last);
}

Html render_hunks(std::string_view path, const std::vector<git::DiffHunk>& hunks, const DiffChoice& choice)
{
    git::FileDiff file;
    file.hunks = hunks;
    DiffColours colours(path, hunks);
    file.status = GIT_DELTA_ADDED; // nothing to open around them
    Html html;
    add_hunks(html, {file, 0, choice, Url::local(""), colours, usual_tab_width});
    return html;
}

void add_hunks(Html& html, const DiffSection& section)
{
    html.add("<div class=\"scroll\" tabindex=\"0\"><table class=\"{}\">",
             (section.choice.is_split ? "diff split" : "diff") + tab_class(section.tab_width));
    if (section.choice.is_split) // the first row spans columns, so it can't tell how wide each is
        html.add("<colgroup><col class=\"n\"><col><col class=\"n\"><col></colgroup>");
    html.add("<tbody>\n");
    const auto& hunks = section.file.hunks;
    bool has_gaps = section.file.status != GIT_DELTA_ADDED && section.file.status != GIT_DELTA_DELETED;
    size_t next = 1; // the first line of the new version that was not shown
    int shift = 0;   // from a new line's number to the old one's
    for (size_t i = 0; i < hunks.size(); ++i) {
        Extent extent = extent_of(hunks[i]);
        size_t begin = extent.new_begin > 0 ? static_cast<size_t>(extent.new_begin) : next;
        size_t hidden = has_gaps && begin > next ? begin - next : 0;
        bool is_open = hidden > 0 && section.colours.lines() > 0 && section.choice.has_open(section.index, i);
        if (is_open)
            add_opened(html, section, i, next, begin - 1, shift);
        add_gap(html, section, i, is_open ? 0 : hidden, hunks[i].header);
        add_lines(html, hunks[i], section);
        if (extent.new_end > 0)
            next = static_cast<size_t>(extent.new_end);
        if (extent.new_end > 0 && extent.old_end > 0)
            shift = extent.old_end - extent.new_end;
    }
    size_t lines = section.colours.lines();
    if (has_gaps && lines >= next && !hunks.empty()) {
        if (section.choice.has_open(section.index, hunks.size()))
            add_opened(html, section, hunks.size(), next, std::min(lines, next + 399), shift);
        else
            add_gap(html, section, hunks.size(), lines - next + 1, "");
    }
    html.add("</tbody></table></div>\n");
}

} // namespace quire::web
