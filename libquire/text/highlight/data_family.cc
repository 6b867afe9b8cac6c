// JSON, YAML, TOML, configuration files, diffs.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// The end of the string that begins here, including its closing mark; the end of the line if it is not closed.
static size_t string_end(const LineLexer& line, char escape)
{
    char quote = line.peek();
    size_t end = closing(line.text.substr(0, line.limit), line.at + 1, std::string_view(&quote, 1), escape);
    return end == std::string_view::npos ? line.limit : end + 1;
}

static bool json_special(LineLexer& line)
{
    size_t end = string_end(line, '\\');
    line.take(line.next_code(end) == ':' ? Token::key : Token::string, end);
    return true;
}

// YAML has its own lexer, because a scalar's style decides. A block's frame holds the indentation that it exceeds.

constexpr uint8_t yaml_block = mode::own, yaml_double = mode::own + 1, yaml_single = mode::own + 2;

static bool is_yaml_constant(std::string_view word)
{
    return word == "true" || word == "false" || word == "null" || word == "~" || word == "yes" || word == "no" ||
           word == "on" || word == "off";
}

static bool is_yaml_number(std::string_view word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.size(); ++i) {
        char c = word[i];
        digits += is_digit(c) ? 1 : 0;
        if (!is_digit(c) && !(c == '.' && i > 0) && !((c == '-' || c == '+') && i == 0) && c != '_' && c != 'e')
            return false;
    }
    return digits > 0;
}

static void yaml_string(LineLexer& line)
{
    char quote = line.top().mode == yaml_double ? '"' : '\'';
    for (size_t i = line.at; i < line.limit; ++i) {
        if (quote == '"' && line.text[i] == '\\') {
            ++i;
        } else if (line.text[i] == quote) {
            if (quote == '\'' && i + 1 < line.limit && line.text[i + 1] == quote) {
                ++i;
                continue;
            }
            bool is_key = line.next_code(i + 1) == ':';
            line.take(is_key ? Token::key : Token::string, i + 1);
            return line.pop();
        }
    }
    line.take_rest(Token::string);
}

/// The end of a plain scalar: ": ", " #", and in brackets also ",".
static size_t scalar_end(const LineLexer& line, bool in_flow)
{
    for (size_t i = line.at; i < line.limit; ++i) {
        char c = line.text[i], next = i + 1 < line.limit ? line.text[i + 1] : ' ';
        if (c == ':' && (is_blank(next) || (in_flow && (next == ',' || next == '}'))))
            return i;
        if (c == '#' && i > line.at && is_blank(line.text[i - 1]))
            return i;
        if (in_flow && (c == ',' || c == ']' || c == '}' || c == '[' || c == '{'))
            return i;
    }
    return line.limit;
}

static void yaml_lex(LineLexer& line)
{
    if (line.top().mode == yaml_block) {
        size_t indent = line.first_code();
        if (indent >= line.text.size() || indent > line.top().count ||
            (indent == line.top().count && line.top().mark == 1))
            return line.take_rest(Token::string);
        line.pop();
    }
    if (line.top().mode == yaml_double || line.top().mode == yaml_single)
        return yaml_string(line);
    HighlightState::Frame& frame = line.top();
    line.take_blanks();
    char c = line.peek(), next = line.peek(1);
    if (line.at >= line.limit)
        return;
    if (c == '#' && (line.at == 0 || is_blank(line.before())))
        return line.take_rest(Token::comment);
    if (line.at == 0 && (line.sees("---") || line.sees("...") || c == '%')) {
        line.take(c == '%' ? Token::directive : Token::plain, c == '%' ? line.limit : 3);
        return;
    }
    bool ends = next == '\0' || is_blank(next);
    if ((c == '-' || c == '?' || c == ':') && ends)
        return line.take(Token::plain, line.at + 1);
    if (c == '"' || c == '\'') {
        line.push(c == '"' ? yaml_double : yaml_single);
        return line.take(Token::string, line.at + 1);
    }
    if (c == '[' || c == '{')
        frame.count = static_cast<uint16_t>(std::min(frame.count + 1, 60000));
    if ((c == ']' || c == '}') && frame.count > 0)
        --frame.count;
    if (std::string_view("[]{},").find(c) != std::string_view::npos)
        return line.take(Token::plain, line.at + 1);
    if (c == '&' || c == '*' || c == '!') {
        size_t end = std::min(line.text.find_first_of(" \t,]}", line.at), line.limit);
        return line.take(c == '!' ? Token::type : Token::constant, std::max(end, line.at + 1));
    }
    if ((c == '|' || c == '>') && frame.count == 0) {
        size_t comment = line.text.find(" #", line.at);
        size_t indent = line.first_code();
        line.take(Token::plain, std::min(comment, line.limit));
        line.push({.language = &line.language(),
                   .mode = yaml_block,
                   .count = static_cast<uint16_t>(std::min<size_t>(indent, 60000))});
        return line.take_rest(Token::comment);
    }
    size_t end = scalar_end(line, frame.count > 0);
    if (end == line.at)
        return line.take(Token::plain, line.at + 1);
    std::string_view word = line.text.substr(line.at, end - line.at);
    word = word.substr(0, word.find_last_not_of(" \t\r") + 1);
    bool is_key = end < line.limit && line.text[end] == ':';
    line.take(is_key                   ? Token::key
              : is_yaml_constant(word) ? Token::constant
              : is_yaml_number(word)   ? Token::number
                                       : Token::plain,
              line.at + std::max<size_t>(word.size(), 1));
}

// TOML

constexpr uint8_t toml_double = mode::own, toml_single = mode::own + 1, toml_array = mode::own + 2;

static void toml_lex(LineLexer& line)
{
    uint8_t mode = line.top().mode;
    if (mode == toml_double || mode == toml_single) {
        size_t end = closing(line.text.substr(0, line.limit), line.at, mode == toml_double ? "\"\"\"" : "'''",
                             mode == toml_double ? '\\' : '\0');
        line.take(Token::string, end == std::string_view::npos ? line.limit : end + 3);
        if (end != std::string_view::npos)
            line.pop();
        return;
    }
    bool is_first = line.only_blanks_before();
    line.take_blanks();
    char c = line.peek();
    if (c == '#')
        return line.take_rest(Token::comment);
    if (c == '[' && is_first && mode != toml_array) {
        size_t end = line.find(']', line.at);
        while (end + 1 < line.limit && line.text[end + 1] == ']')
            ++end;
        return line.take(Token::keyword, end + 1);
    }
    if (line.sees("\"\"\"") || line.sees("'''")) {
        line.push(c == '"' ? toml_double : toml_single);
        return line.take(Token::string, line.at + 3);
    }
    if (c == '"' || c == '\'') {
        size_t end = string_end(line, c == '"' ? '\\' : '\0');
        return line.take(mode != toml_array && line.next_code(end) == '=' ? Token::key : Token::string, end);
    }
    if (c == '[')
        line.push(toml_array);
    if (c == ']' && mode == toml_array)
        line.pop();
    if (!is_word_byte(c) && !((c == '-' || c == '+') && line.is(line.at + 1, Language::in_word)))
        return line.take(Token::plain, line.at + 1);
    size_t end = line.at + 1;
    while (end < line.limit &&
           (is_word_byte(line.text[end]) || std::string_view("-.:+").find(line.text[end]) != std::string_view::npos))
        ++end;
    std::string_view word = line.text.substr(line.at, end - line.at);
    bool is_key = line.next_code(end) == '=' || (is_first && mode != toml_array && line.next_code(end) == '.');
    bool is_number = is_digit(c) || c == '-' || c == '+' || word == "inf" || word == "nan";
    line.take(is_key                              ? Token::key
              : word == "true" || word == "false" ? Token::constant
              : is_number                         ? Token::number
                                                  : Token::plain,
              end);
}

/// "[section]" and "key = value", as in the files of systemd, git and EditorConfig.
static void config_lex(LineLexer& line)
{
    line.take_blanks();
    char c = line.peek();
    if (c == '#' || c == ';')
        return line.take_rest(Token::comment);
    if (c == '[') {
        line.take(Token::keyword, line.find(']', line.at) + 1);
        return line.take_rest(Token::plain);
    }
    size_t mark = line.find('=', line.at);
    if (mark >= line.limit)
        return line.take_rest(Token::plain);
    line.take(Token::key, mark);
    line.take(Token::plain, mark + 1);
    line.take_blanks();
    line.take_rest(Token::string);
}

static void diff_lex(LineLexer& line)
{
    Token token = Token::plain;
    switch (line.peek()) {
    case '+':
    case '>':
        token = Token::inserted;
        break;
    case '-':
    case '<':
        token = Token::deleted;
        break;
    case '@':
        token = Token::heading;
        break;
    default:
        if (line.sees("diff ") || line.sees("index ") || line.sees("Index:") || line.sees("="))
            token = Token::heading;
    }
    line.take_rest(token);
}

/// Requests and macros begin with "." or "'" at the beginning of a line.
static void roff_lex(LineLexer& line)
{
    if (line.at == 0 && (line.sees(".\\\"") || line.sees("'\\\"")))
        return line.take_rest(Token::comment);
    if (line.at == 0 && (line.peek() == '.' || line.peek() == '\'')) {
        size_t end = std::min(line.text.find_first_of(" \t", 0), line.limit);
        line.take(Token::keyword, end);
        return;
    }
    size_t comment = line.no_regex ? std::string_view::npos : line.text.find("\\\"", line.at);
    line.no_regex = comment == std::string_view::npos;
    size_t quote = std::min(line.text.find('"', line.at), line.limit);
    if (comment <= quote && comment < line.limit) {
        line.take(Token::plain, comment);
        return line.take_rest(Token::comment);
    }
    line.take(Token::plain, quote);
    if (line.at < line.limit)
        line.take(Token::string, string_end(line, '\0'));
}

// Tables are laid out by hand.
// clang-format off
constexpr Words json_words[] = {{Token::constant, "true false null"}};
constexpr LanguageTable tables[] = {
    {.name = "JSON", .files = ".json .jsonl .jsonc .json5 .webmanifest .geojson .avsc .ipynb .code-workspace .clangd composer.lock flake.lock", .aliases = "json jsonc json5 jsonl", .words = json_words, .line_comments = {"//"},
     .block_comment = {"/*", "*/"}, .special = json_special, .special_bytes = "\""},
    {.name = "YAML", .files = ".yml .yaml .clang-format .clang-tidy .cff", .aliases = "yaml yml", .lex = yaml_lex},
    {.name = "TOML", .files = ".toml Cargo.lock poetry.lock uv.lock", .aliases = "toml", .lex = toml_lex},
    {.name = "config", .files = ".ini .conf .cfg .desktop .service .socket .timer .properties .gitconfig .gitattributes .gitignore .editorconfig .gitmodules .mailmap", .aliases = "ini conf config cfg systemd editorconfig properties gitconfig",
     .lex = config_lex},
    {.name = "diff", .files = ".diff .patch .rej", .aliases = "diff patch udiff", .lex = diff_lex},
    {.name = "roff", .files = ".1 .2 .3 .4 .5 .6 .7 .8 .mdoc .roff .man", .aliases = "roff groff man mdoc", .lex = roff_lex},
};
// clang-format on

std::span<const LanguageTable> data_family() { return tables; }

} // namespace quire::text
