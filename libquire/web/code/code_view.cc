#include "web/code/code_view.h"

#include <algorithm>

#include "text/highlight.h"
#include "web/html/parts.h"

namespace quire::web {

/// From this number on they need a wider column.
constexpr uint64_t wide_number = 10'000;

static const char* class_of(text::Token token)
{
    switch (token) {
    case text::Token::comment:
        return "c";
    case text::Token::string:
        return "s";
    case text::Token::number:
        return "n";
    case text::Token::keyword:
        return "k";
    case text::Token::directive:
        return "d";
    case text::Token::plain:
        break;
    }
    return "";
}

void each_highlighted_line(std::string_view file_name, std::string_view content, const std::function<bool(Html)>& take)
{
    Html line;
    bool is_open = false, is_done = false;
    text::highlight(content, text::find_language(file_name, content), [&](text::Token token, std::string_view piece) {
        if (is_done)
            return;
        is_open = piece != "\n";
        if (!is_open)
            is_done = !take(std::exchange(line, Html()));
        else if (token == text::Token::plain)
            line.append(source(piece));
        else
            line.add("<span class=\"{}\">{}</span>", class_of(token), source(piece));
    });
    if (is_open && !is_done)
        (void)take(std::move(line));
}

void add_code_line(Html& html, uint64_t number, const Html& line)
{
    html.add("<span class=\"l\" id=\"L{}\"><a href=\"{}\">{}</a>{}", number,
             Url::local("").at("L" + std::to_string(number)), number, line);
}

uint64_t add_code(Html& html, std::string_view file_name, std::string_view content, const CodeView& view)
{
    std::string classes = "code";
    uint64_t lines =
        std::min<uint64_t>(view.max_lines, static_cast<uint64_t>(std::count(content.begin(), content.end(), '\n')));
    if (view.first + lines > wide_number)
        classes += " deep";
    if (view.wraps)
        classes += " wrap";
    if (view.page > 0)
        html.add("<pre class=\"{}\" tabindex=\"0\" data-page=\"{}\"><code>", classes, view.page);
    else
        html.add("<pre class=\"{}\" tabindex=\"0\"><code>", classes);
    size_t begin = html.size();
    uint64_t shown_lines = 0;
    auto cut = view.cut.begin();
    each_highlighted_line(file_name, content, [&](const Html& line) {
        uint64_t number = view.first + shown_lines++;
        add_code_line(html, number, line);
        if (cut != view.cut.end() && cut->first == number)
            html.add("<span class=\"cut\"> … {} more</span>", shown_size((cut++)->second));
        html.add("\n</span>");
        return shown_lines < view.max_lines && html.size() - begin < view.max_markup;
    });
    html.add("</code></pre>\n");
    return shown_lines;
}

} // namespace quire::web
