// Shells, and files whose lines are commands: make, Dockerfiles, CMake.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// The end of "$name", "$1", "$@" or "${…}" at `from`; `from` if none begins there.
static size_t variable_end(const LineLexer& line, size_t from)
{
    if (from + 1 >= line.limit)
        return from;
    char next = line.text[from + 1];
    if (next == '{' || next == '(') {
        size_t depth = 0;
        for (size_t i = from + 1; i < line.limit && i < from + 120; ++i) {
            char c = line.text[i];
            if (c == next)
                ++depth;
            else if (c == (next == '{' ? '}' : ')') && --depth == 0)
                return i + 1;
        }
        return from + 2;
    }
    if (is_digit(next) || std::string_view("@*#?!$-<^+|%").find(next) != std::string_view::npos)
        return from + 2;
    size_t end = from + 1;
    while (end < line.limit && is_word_byte(line.text[end]))
        ++end;
    return end > from + 1 ? end : from;
}

static bool shell_special(LineLexer& line)
{
    char c = line.peek(), next = line.peek(1);
    switch (c) {
    case '\\':
        line.take(Token::string, line.at + 2);
        return true;
    case '$':
        if (next == '(' && !line.sees("$(("))
            return line.open_interpolation(2, ')', Token::keyword);
        if (next == '\'' || next == '"') {
            line.take(Token::string, line.at + 1);
            line.open_quote(next == '"' ? 0 : 2);
            return true;
        }
        if (next != '(') {
            size_t end = variable_end(line, line.at);
            if (end == line.at)
                return false;
            line.take_variable(end);
            line.word_before = "$";
            return true;
        }
        return false;
    case '#':
        if (line.at > 0 && !is_blank(line.before()) && line.before() != ';' && line.before() != '(' &&
            line.before() != '`')
            return line.take(Token::plain, line.at + 1), true;
        return false;
    case '<': {
        if (next != '<' || line.peek(2) == '<')
            return false;
        size_t i = line.at + 2;
        bool may_indent = line.peek(2) == '-';
        i += may_indent ? 1 : 0;
        while (i < line.limit && is_blank(line.text[i]))
            ++i;
        char quote = i < line.limit ? line.text[i] : '\0';
        bool is_quoted = quote == '\'' || quote == '"' || quote == '\\';
        i += is_quoted ? 1 : 0;
        size_t end = i;
        while (end < line.limit && (is_word_byte(line.text[end]) || line.text[end] == '-' || line.text[end] == '.'))
            ++end;
        if (end == i || is_digit(line.text[i]))
            return false;
        line.announce_heredoc(line.text.substr(i, end - i), is_quoted, may_indent);
        line.take(Token::string, end + (is_quoted && quote != '\\' ? 1 : 0));
        return true;
    }
    default:
        break;
    }
    if (!is_digit(c))
        return false;
    size_t end = line.word_end(line.at), digits = line.at;
    while (digits < end && is_digit(line.text[digits]))
        ++digits;
    line.take(digits == end && line.before() != '=' ? Token::number : Token::plain, end);
    return true;
}

/// A name is a word of the language only where a command may be, or if only blanks are around it.
static Token shell_judge(LineLexer& line, std::string_view word)
{
    size_t end = line.at + word.size();
    bool defines = end + 1 < line.limit && line.text[end] == '(' && line.text[end + 1] == ')';
    return defines && line.only_blanks_before() ? Token::function : Token::plain;
}

static const Language* shell()
{
    static const Language* const known = language_named("sh");
    return known;
}

/// The rest of the line as a shell reads it. What is still open ends with the line, unless the line continues.
static void take_commands(LineLexer& line, bool passes_comments = false)
{
    if (!line.push_line(shell(), passes_comments))
        line.take_rest(Token::plain);
}

// make: a line of a rule, of a variable, or for a shell.

constexpr uint8_t make_value = mode::own;

/// "$(…)" with anything nested in it, "$@", "$$".
static void take_make_variable(LineLexer& line)
{
    size_t depth = 0;
    do {
        bool opens = line.sees("$(") || line.sees("${");
        if (opens) {
            ++depth;
            line.take(Token::keyword, line.at + 2);
        } else if (depth > 0 && (line.peek() == ')' || line.peek() == '}')) {
            --depth;
            line.take(Token::keyword, line.at + 1);
        } else if (line.peek() == '$') {
            bool is_name = is_word_byte(line.peek(1));
            line.take(is_name ? Token::plain : Token::keyword, line.at + 2);
        } else {
            line.take(Token::plain, std::max(std::min(line.text.find_first_of("$)}", line.at), line.limit), line.at));
        }
    } while (depth > 0 && line.at < line.limit);
}

static void take_make_value(LineLexer& line, Token token)
{
    while (line.at < line.limit) {
        size_t end = std::min(line.text.find_first_of("$#\"'\\", line.at), line.limit);
        line.take(token, end);
        if (line.at >= line.limit)
            return;
        char c = line.peek();
        if (c == '#')
            return line.take_rest(Token::comment);
        if (c == '"' || c == '\'') {
            size_t close = line.find(c, line.at + 1);
            line.take(close < line.limit ? Token::string : token, close < line.limit ? close + 1 : line.at + 1);
        } else if (c == '$') {
            take_make_variable(line);
        } else {
            line.take(token, line.at + 2);
        }
    }
}

static bool is_make_directive(std::string_view word)
{
    return word == "ifdef" || word == "ifeq" || word == "ifndef" || word == "ifneq" || word == "else" ||
           word == "endif" || word == "include" || word == "-include" || word == "sinclude";
}

static void make_lex(LineLexer& line)
{
    bool goes_on = line.text.ends_with('\\');
    if (line.top().mode == make_value) {
        take_make_value(line, Token::plain);
        if (!goes_on)
            line.pop();
        return;
    }
    if (line.at == 0 && line.peek() == '\t') {
        line.take_blanks();
        if (line.peek() == '#')
            return line.take_rest(Token::comment);
        return take_commands(line);
    }
    line.take_blanks();
    if (line.peek() == '#')
        return line.take_rest(Token::comment);
    size_t end = line.at;
    while (line.is(end, Language::in_word))
        ++end;
    std::string_view word = line.text.substr(line.at, end - line.at);
    if (line.language().find(word).token != Token::plain &&
        (end >= line.limit || !std::string_view(":=").starts_with(line.text.substr(end, 1)))) {
        if (is_make_directive(word))
            return line.take_rest(Token::directive);
        line.take(Token::keyword, end);
        line.take_blanks();
        if (word == "export" || word == "override" || word == "private" || word == "unexport")
            return;
        return take_make_value(line, Token::plain);
    }
    size_t mark = std::min(line.text.find_first_of(":=#", line.at), line.limit);
    bool is_variable = mark < line.limit && (line.text[mark] == '=' || line.text.substr(mark).starts_with(":=") ||
                                             line.text.substr(mark).starts_with("::="));
    if (mark < line.limit && line.text[mark] == ':' && !is_variable) {
        while (line.at < mark) { // the targets of a rule
            size_t variable = std::min(line.text.find('$', line.at), mark);
            line.take(Token::function, variable);
            if (line.at < mark)
                take_make_variable(line);
        }
        size_t commands = line.text.find(';', line.at);
        if (commands < line.limit) {
            line.take(Token::plain, commands + 1);
            return take_commands(line);
        }
    } else if (is_variable) {
        line.take(Token::plain, line.text.find('=', mark) + 1);
    }
    if (goes_on)
        line.push(make_value);
    take_make_value(line, Token::plain);
}

// Dockerfile: one instruction a line; RUN is for a shell.

constexpr uint8_t docker_arguments = mode::own;

static void take_docker_arguments(LineLexer& line)
{
    while (line.at < line.limit) {
        char c = line.peek();
        if (c == '"' || c == '\'') {
            size_t close = closing(line.text.substr(0, line.limit), line.at + 1, std::string_view(&c, 1), '\\');
            line.take(Token::string, close == std::string_view::npos ? line.limit : close + 1);
        } else if (c == '$') {
            line.take_variable(std::max(variable_end(line, line.at), line.at + 1));
        } else {
            size_t end = std::min(line.text.find_first_of("\"'$", line.at + 1), line.limit);
            line.take(Token::plain, end);
        }
    }
}

static void docker_lex(LineLexer& line)
{
    bool goes_on = line.text.ends_with('\\');
    if (line.at == 0 && line.next_code(0) == '#')
        return line.take_rest(Token::comment);
    if (line.top().mode >= mode::own) {
        if (!goes_on)
            line.pop();
        return take_docker_arguments(line);
    }
    line.take_blanks();
    size_t end = line.word_end(line.at);
    std::string_view word = line.text.substr(line.at, end - line.at);
    Token token = line.language().find(word).token;
    line.take(token, std::max(end, line.at + 1));
    bool is_shell = word == "RUN" || word == "run" || word == "CMD" || word == "ENTRYPOINT";
    if (word == "ONBUILD" || word == "HEALTHCHECK")
        return;
    line.take_blanks();
    while (line.sees("--")) {
        size_t option = std::min(line.text.find(' ', line.at), line.limit);
        line.take(Token::key, option);
        line.take_blanks();
    }
    if (is_shell && line.peek() != '[')
        return take_commands(line, true);
    if (goes_on)
        line.push(docker_arguments);
    if (word == "FROM" || word == "from") {
        size_t as = line.text.find(" AS ", line.at);
        as = as == std::string_view::npos ? line.text.find(" as ", line.at) : as;
        if (as == std::string_view::npos) {
            line.take_rest(Token::string);
        } else {
            line.take(Token::string, as + 1);
            line.take(Token::keyword, line.at + 2);
            line.take_rest(Token::string);
        }
        return;
    }
    take_docker_arguments(line);
}

/// "#[==[", "[==[" and "${…}".
static bool cmake_special(LineLexer& line)
{
    if (line.top().mode < mode::own && line.peek() == '$') {
        size_t end = line.at + 1;
        while (line.is(end, Language::in_word))
            ++end;
        if (end < line.limit && line.text[end] == '{')
            return line.take(Token::plain, line.find('}', end) + 1), true;
        return false;
    }
    return line.take_long_bracket("#");
}

static Token cmake_judge(LineLexer& line, std::string_view word)
{
    return line.next_code(line.at + word.size()) == '(' && line.only_blanks_before() ? Token::function : Token::plain;
}

// Tables are laid out by hand.
// clang-format off
constexpr Words shell_words[] = {
    {Token::keyword, "case do done elif else esac fi for function if in select then time until while continue break return"},
    {Token::function,
     "alias bg bind builtin caller cd command compgen complete declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local "
     "logout popd printf pushd pwd read readonly set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait mapfile readarray"}};
constexpr Quote shell_quotes[] = {{"\"", "\"", '\\', true, Interpolation::shell}, {"'", "'", 0, true}, {"", "'", '\\', true}, {"`", "`", '\\', true}};
constexpr Words make_words[] = {
    {Token::keyword, "define else endef endif export ifdef ifeq ifndef ifneq include -include sinclude override private undefine unexport vpath load"}};
constexpr Words docker_words[] = {
    {Token::keyword,
     "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR"}};
constexpr Words cmake_words[] = {
    {Token::keyword, "AND OR NOT STREQUAL MATCHES EQUAL LESS GREATER VERSION_LESS VERSION_GREATER VERSION_EQUAL DEFINED EXISTS IN_LIST"},
    {Token::constant, "ON OFF TRUE FALSE WIN32 UNIX APPLE CYGWIN MINGW MSVC MSVC_IDE"}};
constexpr Quote cmake_quotes[] = {{"\"", "\"", '\\', true, Interpolation::dollar}};

constexpr LanguageTable tables[] = {
    {.name = "shell", .files = ".sh .bash .zsh .ksh .ash .bats .ebuild .envrc PKGBUILD configure .bashrc .profile .zshrc", .interpreters = "sh bash dash zsh ksh ash execlineb",
     .aliases = "shell sh bash zsh ksh console shell-session shellsession", .words = shell_words, .line_comments = {"#"}, .quotes = shell_quotes,
     .word_extra = "-/.:,+%@~", .word_starts = "-/.:,+%@~", .special = shell_special, .special_bytes = "\\$#<0123456789", .judge = shell_judge},
    {.name = "make", .files = "Makefile GNUmakefile makefile Kbuild .mk .mak .make", .interpreters = "make", .aliases = "make makefile mk", .words = make_words,
     .word_extra = "-", .lex = make_lex},
    {.name = "Dockerfile", .files = "Dockerfile Containerfile .dockerfile", .aliases = "dockerfile docker containerfile", .words = docker_words, .ignores_case = true, .lex = docker_lex},
    {.name = "CMake", .files = "CMakeLists.txt .cmake", .aliases = "cmake", .words = cmake_words, .line_comments = {"#"}, .quotes = cmake_quotes, .word_extra = "-./+", .word_starts = "0123456789./-",
     .special = cmake_special, .special_bytes = "$#[", .judge = cmake_judge},
};
// clang-format on

std::span<const LanguageTable> shell_family() { return tables; }

} // namespace quire::text
