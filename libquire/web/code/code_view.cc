#include "web/code/code_view.h"

#include <algorithm>

#include "base/way.h"
#include "text/highlight.h"
#include "web/html/parts.h"

namespace quire::web {

/// From this number on they need a wider column.
constexpr uint64_t wide_number = 1'000'000;

static const char* class_of(text::Token token)
{
    static constexpr const char* names[text::token_count] = {"",   "c", "s",  "nu", "k",  "fn", "ty", "co",
                                                             "ke", "d", "hd", "bo", "it", "ad", "rm"};
    return names[static_cast<size_t>(token)];
}

static bool is_name_byte(char c)
{
    auto byte = static_cast<unsigned char>(c);
    return c == '_' || byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

/// A text whose names are links.
static Html linked(std::string_view text, const LinkOfName& link_of)
{
    constexpr size_t longest_name = 200;
    Html html;
    while (!text.empty()) {
        size_t end = 0;
        bool is_name = is_name_byte(text[0]);
        while (end < text.size() && is_name_byte(text[end]) == is_name)
            ++end;
        std::string_view part = text.substr(0, end);
        if (is_name && !(part[0] >= '0' && part[0] <= '9') && part.size() <= longest_name)
            html.add("<a rel=\"nofollow\" href=\"{}\">{}</a>", link_of(part), source(part));
        else
            html.append(source(part));
        text.remove_prefix(end);
    }
    return html;
}

static bool may_hold_names(text::Token token)
{
    using enum text::Token;
    return token == plain || token == function || token == type || token == constant || token == key ||
           token == directive;
}

Html highlighted(const std::vector<text::Piece>& pieces, const LinkOfName& link_of)
{
    give_way();
    Html line;
    for (const text::Piece& piece : pieces) {
        Html content = link_of && may_hold_names(piece.token) ? linked(piece.text, link_of) : source(piece.text);
        if (piece.token == text::Token::plain)
            line.append(content);
        else
            line.add("<span class=\"{}\">{}</span>", class_of(piece.token), content);
    }
    return line;
}

Runs runs_of(const std::vector<text::Piece>& pieces)
{
    Runs runs;
    runs.reserve(pieces.size());
    for (const text::Piece& piece : pieces)
        runs.emplace_back(piece.token, piece.text.size());
    return runs;
}

Html coloured(std::string_view line, const Runs& runs, size_t begin, size_t end)
{
    std::vector<text::Piece> pieces;
    size_t at = 0;
    for (const auto& [token, size] : runs) {
        size_t from = std::max(at, begin), to = std::min({at + size, end, line.size()});
        if (from < to)
            pieces.push_back({token, line.substr(from, to - from)});
        at += size;
        if (at >= end)
            break;
    }
    size_t from = std::max(at, begin);
    if (from < end)
        pieces.push_back({text::Token::plain, line.substr(from, end - from)});
    return highlighted(pieces);
}

std::string tab_class(int width) { return width == usual_tab_width ? "" : fmt::format(" tab{}", width); }

void each_highlighted_line(text::Highlighter highlighter, std::string_view content,
                           const std::function<bool(Html)>& take, const LinkOfName& link_of)
{
    while (!content.empty()) {
        size_t end = std::min(content.find('\n'), content.size());
        if (!take(highlighted(highlighter.line(content.substr(0, end)), link_of)))
            return;
        content.remove_prefix(std::min(end + 1, content.size()));
    }
}

void each_highlighted_line(std::string_view file_name, std::string_view content, const std::function<bool(Html)>& take)
{
    each_highlighted_line(text::Highlighter(text::find_language(file_name, content)), content, take);
}

void add_code_line(Html& html, uint64_t number, const Html& line)
{
    html.add("<span class=\"l\" id=\"L{}\"><a href=\"{}\">{}</a>{}", number,
             Url::local("").at("L" + std::to_string(number)), number, line);
}

uint64_t add_code(Html& html, std::string_view file_name, std::string_view content, const CodeView& view)
{
    return add_code(html, text::Highlighter(text::find_language(file_name, content)), content, view);
}

uint64_t add_code(Html& html, const text::Highlighter& highlighter, std::string_view content, const CodeView& view)
{
    std::string classes = "code";
    uint64_t lines =
        std::min<uint64_t>(view.max_lines, static_cast<uint64_t>(std::count(content.begin(), content.end(), '\n')));
    if (view.first + lines > wide_number)
        classes += " deeper";
    classes += tab_class(view.tab_width);
    if (view.wraps)
        classes += " wrap";
    if (view.page > 0)
        html.add("<pre class=\"{}\" tabindex=\"0\" data-page=\"{}\"><code>", classes, view.page);
    else
        html.add("<pre class=\"{}\" tabindex=\"0\"><code>", classes);
    size_t begin = html.size();
    uint64_t shown_lines = 0;
    auto cut = view.cut.begin();
    auto take = [&](const Html& line) {
        uint64_t number = view.first + shown_lines++;
        add_code_line(html, number, line);
        if (cut != view.cut.end() && cut->first == number)
            html.add("<span class=\"cut\"> … {} more</span>", shown_size((cut++)->second));
        html.add("\n</span>");
        return shown_lines < view.max_lines && html.size() - begin < view.max_markup;
    };
    each_highlighted_line(highlighter, content, take, view.link_of);
    html.add("</code></pre>\n");
    return shown_lines;
}

} // namespace quire::web
