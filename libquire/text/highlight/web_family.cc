// JavaScript, TypeScript and PHP.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// The end of a regular expression that begins with "/", including its flags; npos if it is not closed on the line.
static size_t regex_end(const LineLexer& line)
{
    bool in_class = false;
    for (size_t i = line.at + 1; i < line.limit; ++i) {
        char c = line.text[i];
        if (c == '\\')
            ++i;
        else if (c == '[')
            in_class = true;
        else if (c == ']')
            in_class = false;
        else if (c == '/' && !in_class)
            return line.word_end(i + 1);
    }
    return std::string_view::npos;
}

static bool js_special(LineLexer& line)
{
    char c = line.peek();
    if (c == '/' && !line.sees("//") && !line.sees("/*") && !line.value_before && !line.no_regex) {
        size_t end = regex_end(line);
        if (end == std::string_view::npos) {
            line.no_regex = true;
            return false;
        }
        line.take(Token::string, end);
        line.value_before = true;
        return true;
    }
    if (c == '@' && line.is(line.at + 1, Language::begins_word)) {
        line.take(Token::directive, line.word_end(line.at + 1));
        return true;
    }
    if (line.sees("#!") && line.at == 0) {
        line.take_rest(Token::comment);
        return true;
    }
    return false;
}

constexpr uint8_t heredoc = mode::own, nowdoc = mode::own + 1;

/// "<?php" begins code after text; "?>" ends it.
static bool heredoc_goes_on(LineLexer& line)
{
    size_t begin = line.first_code(), end = line.word_end(begin);
    if (line.at <= begin && mark_of(line.text.substr(begin, end - begin)) == line.top().mark) {
        line.take(Token::string, end);
        line.pop();
        line.value_before = true;
        return true;
    }
    line.string_with_names(Token::string, line.limit,
                           line.top().mode == nowdoc ? Interpolation::none : Interpolation::dollar);
    return true;
}

static bool php_special(LineLexer& line)
{
    if (line.top().mode >= mode::own)
        return heredoc_goes_on(line);
    char c = line.peek();
    if (c == '$' && line.is(line.at + 1, Language::begins_word)) {
        line.take(Token::plain, line.word_end(line.at + 1));
        line.value_before = true;
        return true;
    }
    if (c == '#' && line.peek(1) == '[')
        return line.take(Token::directive, line.at + 2), true;
    if (c == '?' && line.peek(1) == '>') {
        line.take(Token::directive, line.at + 2);
        line.pop(); // back to the markup around it, if there is any
        return true;
    }
    if (line.sees("<?")) {
        line.take(Token::directive, line.at + (line.sees("<?php") ? 5 : line.sees("<?=") ? 3 : 2));
        return true;
    }
    if (line.sees("<<<")) {
        size_t i = line.at + 3;
        while (i < line.limit && is_blank(line.text[i]))
            ++i;
        char quote = i < line.limit ? line.text[i] : '\0';
        i += quote == '"' || quote == '\'' ? 1 : 0;
        size_t end = line.word_end(i);
        if (end == i)
            return false;
        uint32_t mark = mark_of(line.text.substr(i, end - i));
        line.take(Token::string, end + (quote == '"' || quote == '\'' ? 1 : 0));
        line.push({.language = &line.language(), .mode = quote == '\'' ? nowdoc : heredoc, .mark = mark});
        return true;
    }
    return false;
}

// Tables are laid out by hand.
// clang-format off
constexpr std::string_view js_keywords =
    "as async await break case catch class const continue debugger default delete do else enum export extends finally for from "
    "function get if implements import in instanceof interface let new of package private protected public return set "
    "static super switch this throw try typeof var void while with yield";
constexpr std::string_view js_constants = "true false null undefined NaN Infinity";
constexpr std::string_view js_builtins =
    "Array ArrayBuffer BigInt Boolean DataView Date Error EvalError Function Intl JSON Map Math Number Object Promise Proxy RangeError "
    "ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError WeakMap WeakSet";
constexpr std::string_view js_functions =
    "decodeURI decodeURIComponent encodeURI encodeURIComponent eval isFinite isNaN parseFloat parseInt document window globalThis";
constexpr Words js_words[] = {{Token::keyword, js_keywords}, {Token::constant, js_constants}, {Token::type, js_builtins}, {Token::function, js_functions}};
constexpr Words ts_words[] = {
    {Token::keyword, js_keywords}, {Token::constant, js_constants}, {Token::type, js_builtins}, {Token::function, js_functions},
    {Token::keyword, "abstract asserts declare infer is keyof module namespace override readonly satisfies type unique accessor"},
    {Token::type, "any bigint boolean never number object string symbol unknown void"}};
constexpr Quote js_quotes[] = {{"`", "`", '\\', true, Interpolation::dollar_brace}, {"\"", "\""}, {"'", "'"}};
constexpr Words php_words[] = {
    {Token::keyword,
     "__halt_compiler abstract and as break callable case catch class clone const continue declare default do echo else elseif empty "
     "enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends final finally fn for foreach from function global goto if "
     "implements include include_once instanceof insteadof interface isset list match namespace new or print private protected public "
     "readonly require require_once return self static parent switch throw trait try unset use var while xor yield die"},
    {Token::type, "array bool float int iterable mixed never object string void"},
    {Token::constant,
     "true false null TRUE FALSE NULL PHP_EOL PHP_INT_MAX PHP_VERSION_ID PHP_VERSION PHP_OS E_ALL E_ERROR E_NOTICE E_STRICT E_WARNING "
     "DIRECTORY_SEPARATOR PATH_SEPARATOR __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__ __NAMESPACE__ __TRAIT__"}};
constexpr Quote php_quotes[] = {{"\"", "\"", '\\', true, Interpolation::dollar}, {"'", "'", '\\', true}, {"`", "`", '\\', true}};

constexpr LanguageTable tables[] = {
    {.name = "JavaScript", .files = ".js .mjs .cjs .jsx", .interpreters = "node deno bun", .aliases = "javascript js jsx node mjs", .words = js_words,
     .line_comments = {"//"}, .block_comment = {"/*", "*/"}, .quotes = js_quotes, .word_starts = "$", .defines_function = "function",
     .defines_type = "class", .dot_is_member = true, .special = js_special, .special_bytes = "/@#"},
    {.name = "TypeScript", .files = ".ts .tsx .mts .cts", .interpreters = "ts-node tsx", .aliases = "typescript ts tsx", .words = ts_words,
     .line_comments = {"//"}, .block_comment = {"/*", "*/"}, .quotes = js_quotes, .word_starts = "$", .defines_function = "function",
     .defines_type = "class interface enum type namespace", .dot_is_member = true, .special = js_special, .special_bytes = "/@#"},
    {.name = "PHP code", .aliases = "phpcode", .words = php_words,
     .line_comments = {"//", "#"}, .block_comment = {"/*", "*/"}, .quotes = php_quotes, .defines_function = "function",
     .defines_type = "class interface trait enum", .special = php_special, .special_bytes = "$?<#"},
};
// clang-format on

std::span<const LanguageTable> web_family() { return tables; }

} // namespace quire::text
