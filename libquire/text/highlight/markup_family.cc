// HTML and XML with the languages inside them, and CSS.
#include "text/highlight/line_lexer.h"

namespace quire::text {

// HTML: inside a tag, inside its quoted value (the frame has the quote).
constexpr uint8_t in_tag = mode::own, in_value = mode::own + 1, in_comment = mode::own + 2, in_doctype = mode::own + 3;
enum Guest : uint32_t { script = 1, style = 2, php = 3 };

static const Language* known(std::string_view name) { return language_named(name); }

/// "</script" ends a script wherever it is. PHP ends itself.
static size_t html_guest_end(const LineLexer& line, const HighlightState::Frame& guest, size_t from)
{
    if (guest.mark == php)
        return std::string_view::npos;
    return line.text.find(guest.mark == script ? "</script" : "</style", from);
}

static bool take_php(LineLexer& line)
{
    if (!line.sees("<?php") && !line.sees("<?="))
        return false;
    static const Language* const code = known("phpcode");
    if (!line.push({.language = code}))
        return false;
    line.take(Token::directive, line.at + (line.sees("<?php") ? 5 : 3));
    return true;
}

static void tag(LineLexer& line)
{
    line.take_blanks();
    if (line.at >= line.limit || take_php(line))
        return;
    char c = line.peek();
    if (c == '>' || line.sees("/>")) {
        uint32_t guest = c == '>' ? line.top().mark : 0;
        line.take(Token::plain, line.at + (c == '>' ? 1 : 2));
        line.pop();
        static const Language* const js = known("js");
        static const Language* const css = known("css");
        if (guest != 0)
            line.push_guest(guest == script ? js : css, guest);
        return;
    }
    if (c == '"' || c == '\'') {
        line.push({.language = &line.language(), .mode = in_value, .quote = static_cast<uint8_t>(c)});
        return line.take(Token::string, line.at + 1);
    }
    if (c == '=') {
        line.take(Token::plain, line.at + 1);
        line.take_blanks();
        if (line.peek() != '"' && line.peek() != '\'')
            line.take(Token::string, std::min(line.text.find_first_of(" \t>", line.at), line.limit));
        return;
    }
    if (c == '<') // the tag was never closed
        return line.pop();
    size_t end = std::min(line.text.find_first_of(" \t=>/<\"'", line.at + 1), line.limit);
    line.take(Token::key, end);
}

static void html_lex(LineLexer& line)
{
    switch (line.top().mode) {
    case in_tag:
        return tag(line);
    case in_value: {
        size_t end = line.find(static_cast<char>(line.top().quote), line.at);
        size_t code = line.text.substr(0, end).find("<?", line.at);
        if (code != std::string_view::npos) {
            line.take(Token::string, code);
            if (take_php(line))
                return;
            return line.take(Token::string, line.at + 2);
        }
        line.take(Token::string, end + 1);
        if (end < line.limit)
            line.pop();
        return;
    }
    case in_comment:
    case in_doctype: {
        bool is_comment = line.top().mode == in_comment;
        Token token = is_comment ? Token::comment : Token::directive;
        size_t end = line.find(is_comment ? "-->" : ">", line.at);
        line.take(token, end + (is_comment ? 3 : 1));
        if (end < line.limit)
            line.pop();
        return;
    }
    default:
        break;
    }
    size_t next = std::min(line.text.find_first_of("<&", line.at), line.limit);
    line.take(Token::plain, next);
    if (line.at >= line.limit || take_php(line))
        return;
    if (line.peek() == '&') {
        size_t end = line.text.substr(0, std::min(line.limit, line.at + 32)).find(';', line.at);
        bool is_entity = end != std::string_view::npos &&
                         line.text.substr(line.at, end - line.at).find_first_of(" \t<\"") == std::string_view::npos;
        return line.take(is_entity ? Token::constant : Token::plain, is_entity ? end + 1 : line.at + 1);
    }
    if (line.sees("<!--")) {
        line.push(in_comment);
        return line.take(Token::comment, line.at + 4);
    }
    if (line.sees("<!") || line.sees("<?")) {
        line.push(in_doctype);
        return line.take(Token::directive, line.at + 2);
    }
    size_t name = line.at + (line.peek(1) == '/' ? 2 : 1);
    size_t end = name;
    while (end < line.limit &&
           (is_word_byte(line.text[end]) || line.text[end] == '-' || line.text[end] == ':' || line.text[end] == '.'))
        ++end;
    if (end == name)
        return line.take(Token::plain, line.at + 1);
    std::string_view word = line.text.substr(name, end - name);
    bool opens = name == line.at + 1 && line.table().name != "XML";
    uint32_t guest = 0;
    if (opens && (word == "script" || word == "style"))
        guest = word == "script" ? script : style;
    line.push({.language = &line.language(), .mode = in_tag, .mark = guest});
    line.take(Token::plain, name);
    line.take(Token::keyword, end);
}

// CSS: selectors, or declarations inside braces. Frame::count is the number of open braces.

constexpr uint8_t css_declarations = mode::own, css_value = mode::own + 1, css_at = mode::own + 2;

static void css_lex(LineLexer& line)
{
    line.take_blanks();
    if (line.at >= line.limit)
        return;
    HighlightState::Frame& frame = line.top();
    bool has_line_comments = line.table().name == "SCSS";
    char c = line.peek(), next = line.peek(1);
    if (c == '/' && next == '*') {
        line.push({.language = &line.language(), .mode = mode::comment, .count = 1});
        return line.take(Token::comment, line.at + 2);
    }
    if (has_line_comments && c == '/' && next == '/')
        return line.take_rest(Token::comment);
    if (c == '"' || c == '\'')
        return line.open_quote(c == '"' ? 0 : 1);
    size_t end = line.at + (c == '-' || c == '@' || c == '.' || c == '#' || c == '$' ? 1 : 0);
    while (end < line.limit && (is_word_byte(line.text[end]) || line.text[end] == '-'))
        ++end;
    std::string_view word = line.text.substr(line.at, end - line.at);
    switch (c) {
    case '{':
        if (frame.mode == css_at) {
            line.pop();
            line.take(Token::plain, line.at + 1);
            line.push(mode::code); // the rules inside "@media"
            return;
        }
        line.take(Token::plain, line.at + 1);
        line.push(css_declarations);
        return;
    case '}':
        if (frame.mode == css_value || frame.mode == css_at)
            line.pop();
        line.take(Token::plain, line.at + 1);
        return line.pop();
    case ';':
        if (frame.mode == css_value || frame.mode == css_at)
            line.pop();
        return line.take(Token::plain, line.at + 1);
    case '@':
        line.take(Token::keyword, end);
        if (word != "@font-face" && word != "@include" && word != "@extend")
            line.push(css_at);
        return;
    default:
        break;
    }
    if (frame.mode == css_value || frame.mode == css_at) {
        if (is_digit(c) || ((c == '.' || c == '-' || c == '+') && (is_digit(next) || next == '.'))) {
            size_t stop = line.at + 1;
            while (stop < line.limit &&
                   (is_word_byte(line.text[stop]) || line.text[stop] == '.' || line.text[stop] == '%'))
                ++stop;
            return line.take(Token::number, stop);
        }
        if (c == '#' && end > line.at + 1)
            return line.take(Token::number, end);
        if (c == '!' || end == line.at || word == "-") {
            size_t stop = c == '!' ? line.word_end(line.at + 1) : line.at + 1;
            return line.take(c == '!' ? Token::directive : Token::plain, stop);
        }
        if (end < line.limit && line.text[end] == '(') {
            line.take(Token::function, end);
            if (word == "url" && line.peek(1) != '"' && line.peek(1) != '\'') {
                line.take(Token::plain, line.at + 1);
                line.take(Token::string, line.find(')', line.at));
            }
            return;
        }
        bool is_variable = word.starts_with("--") || c == '$' || (frame.mode == css_at && line.next_code(end) == ':');
        return line.take(is_variable ? Token::key : frame.mode == css_at ? Token::plain : Token::constant, end);
    }
    if (frame.mode == css_declarations) {
        // A property, unless a brace comes before a ";", which makes it the selector of a nested rule.
        size_t stop = line.next_of(";{}");
        bool is_rule = stop < line.limit && line.text[stop] == '{' && !(c == '-' && next == '-');
        if (!is_rule && end > line.at && line.next_code(end) == ':') {
            line.take(Token::key, end);
            line.take_blanks();
            line.take(Token::plain, line.at + 1);
            line.push(css_value);
            return;
        }
        if (!is_rule && end > line.at)
            return line.take(Token::plain, end);
    }
    if (c == ':') {
        size_t stop = line.at + 1;
        while (stop < line.limit && (is_word_byte(line.text[stop]) || line.text[stop] == '-' || line.text[stop] == ':'))
            ++stop;
        line.take(Token::plain, line.at + (next == ':' ? 2 : 1));
        return line.take(Token::directive, stop);
    }
    if (c == '[') { // [name=value]
        size_t stop = line.find(']', line.at);
        size_t mark = std::min(line.text.substr(0, stop).find_first_of("=~|^$*", line.at), stop);
        line.take(Token::plain, line.at + 1);
        line.take(Token::key, mark);
        line.take(Token::plain, std::min(line.text.substr(0, stop).find_first_not_of("=~|^$*", line.at), stop));
        line.take(Token::string, stop);
        line.take(Token::plain, stop + 1);
        return;
    }
    bool is_name = (c == '.' || c == '#') && end > line.at + 1;
    if (has_line_comments && c == '$' && line.next_code(end) == ':') {
        line.take(Token::key, end);
        line.take_blanks();
        line.take(Token::plain, line.at + 1);
        line.push(css_value);
        return;
    }
    if (is_name)
        line.take(Token::plain, line.at + 1);
    line.take(is_name ? Token::type : end > line.at ? Token::keyword : Token::plain, std::max(end, line.at + 1));
}

// Tables are laid out by hand.
// clang-format off
constexpr Quote css_quotes[] = {{"\"", "\""}, {"'", "'"}};
constexpr LanguageTable tables[] = {
    {.name = "HTML", .files = ".html .htm .xhtml .vue .svelte .astro .erb .tmpl .gohtml .hbs .j2 .jinja", .aliases = "html htm xhtml vue svelte html+erb jinja handlebars",
     .lex = html_lex, .guest_end = html_guest_end},
    {.name = "XML", .files = ".xml .svg .xsl .xslt .xsd .rss .atom .plist .csproj .props .targets .ui .xaml .iml .pom .wsdl .storyboard", .aliases = "xml svg xslt rss plist",
     .lex = html_lex, .guest_end = html_guest_end},
    {.name = "PHP", .files = ".php .phtml .php3 .php4 .php5 .phps .inc", .interpreters = "php", .aliases = "php", .lex = html_lex, .guest_end = html_guest_end},
    {.name = "CSS", .files = ".css .pcss", .aliases = "css postcss", .block_comment = {"/*", "*/"}, .quotes = css_quotes, .lex = css_lex},
    {.name = "SCSS", .files = ".scss .less .sass .styl", .aliases = "scss sass less", .block_comment = {"/*", "*/"}, .quotes = css_quotes, .lex = css_lex},
};
// clang-format on

std::span<const LanguageTable> markup_family() { return tables; }

} // namespace quire::text
