// Haskell, OCaml and Nix.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// "'x'" is a character; in "x'" and "'a" the mark is part of a name.
static bool take_character(LineLexer& line)
{
    if (line.peek(1) == '\\') {
        size_t end = closing(line.text.substr(0, std::min(line.limit, line.at + 14)), line.at + 1, "'", '\\');
        if (end == std::string_view::npos)
            return false;
        line.take(Token::string, end + 1);
        return true;
    }
    size_t end = line.at + 2;
    while (end < line.limit && (static_cast<unsigned char>(line.text[end]) & 0xc0) == 0x80)
        ++end;
    if (end < line.limit && line.text[end] == '\'') {
        line.take(Token::string, end + 1);
        return true;
    }
    return false;
}

static bool haskell_special(LineLexer& line)
{
    if (line.peek() == '\'') {
        if (take_character(line))
            return true;
        line.take(Token::plain, line.at + 1);
        return true;
    }
    if (line.sees("--")) { // "-->" and "--|" are operators, "---" is not
        size_t end = line.text.find_first_not_of('-', line.at);
        bool is_comment = end >= line.limit ||
                          std::string_view("!#$%&*+./<=>?@\\^|~:").find(line.text[end]) == std::string_view::npos;
        if (is_comment || line.sees("-- |"))
            line.take_rest(Token::comment);
        else
            line.take(Token::plain, end);
        return true;
    }
    if (line.peek() == '#' && line.at == 0 && line.is(1, Language::begins_word)) {
        line.take_rest(Token::directive);
        return true;
    }
    return false;
}

/// A name in the first column is being defined.
static Token haskell_judge(LineLexer& line, std::string_view word)
{
    if (line.at == 0 && !(word[0] >= 'A' && word[0] <= 'Z'))
        return Token::function;
    bool is_module = line.at < 300 && (line.text.starts_with("import") || line.text.starts_with("module"));
    if (is_module && word[0] >= 'A' && word[0] <= 'Z' &&
        line.text.substr(0, line.at).find('(') == std::string_view::npos) {
        line.take(Token::plain, line.at); // kept plain: nothing will judge it again
        return Token::plain;
    }
    return word[0] >= 'A' && word[0] <= 'Z' ? Token::type : Token::plain;
}

constexpr uint8_t quoted_string = mode::own;

static bool ocaml_special(LineLexer& line)
{
    if (line.top().mode == quoted_string) { // {id|…|id}
        for (size_t i = line.find('|', line.at); i < line.limit; i = line.find('|', i + 1)) {
            size_t end = i + 1;
            while (end < line.limit && end - i < 20 &&
                   ((line.text[end] >= 'a' && line.text[end] <= 'z') || line.text[end] == '_'))
                ++end;
            if (end >= line.limit || line.text[end] != '}' ||
                mark_of(line.text.substr(i + 1, end - i - 1)) != line.top().mark)
                continue;
            line.take(Token::string, end + 1);
            line.pop();
            return true;
        }
        line.take_rest(Token::string);
        return true;
    }
    if (line.peek() == '{') {
        size_t end = line.at + 1;
        while (end < line.limit && end - line.at < 20 &&
               ((line.text[end] >= 'a' && line.text[end] <= 'z') || line.text[end] == '_'))
            ++end;
        if (end >= line.limit || line.text[end] != '|')
            return false;
        line.push({.language = &line.language(),
                   .mode = quoted_string,
                   .mark = mark_of(line.text.substr(line.at + 1, end - line.at - 1))});
        line.take(Token::string, end + 1);
        return true;
    }
    if (line.peek() == '\'') {
        if (!take_character(line))
            line.take(Token::plain, line.word_end(line.at + 1));
        return true;
    }
    return false;
}

static Token ocaml_judge(LineLexer& line, std::string_view word)
{
    size_t end = line.at + word.size();
    if (word[0] >= 'A' && word[0] <= 'Z')
        return end < line.limit && line.text[end] == '.' ? Token::plain : Token::type;
    bool is_bound = line.word_before == "let" || line.word_before == "rec" || line.word_before == "val" ||
                    line.word_before == "external";
    char next = line.next_code(end);
    return is_bound && next != '=' && next != ',' && next != '\0' && (next != ':' || line.word_before == "val")
               ? Token::function
               : Token::plain;
}

/// What closes "''", and what may precede it.
static bool nix_special(LineLexer& line)
{
    if (line.top().mode == mode::own) {
        for (size_t i = line.at; i < line.limit; ++i) {
            std::string_view rest = line.text.substr(i, line.limit - i);
            if (rest.starts_with("''")) {
                if (rest.starts_with("'''") || rest.starts_with("''$") || rest.starts_with("''\\")) {
                    i += 2;
                    continue;
                }
                line.take(Token::string, i + 2);
                line.pop();
                return true;
            }
            if (rest.starts_with("${")) {
                line.take(Token::string, i);
                if (line.open_interpolation(2))
                    return true;
            }
        }
        line.take_rest(Token::string);
        return true;
    }
    if (line.sees("''")) {
        line.push(mode::own);
        line.take(Token::string, line.at + 2);
        return true;
    }
    char c = line.peek();
    if (c == '<') { // <nixpkgs>
        size_t end = line.at + 1;
        while (line.is(end, Language::in_word) ||
               (end < line.limit && (line.text[end] == '/' || line.text[end] == '.')))
            ++end;
        if (end > line.at + 1 && end < line.limit && line.text[end] == '>')
            return line.take(Token::string, end + 1), true;
        return false;
    }
    bool is_path = (c == '.' && (line.peek(1) == '/' || line.sees("../"))) ||
                   (c == '/' && line.is(line.at + 1, Language::in_word) && !line.value_before);
    if (is_path && !is_word_byte(line.before())) {
        size_t end = line.at;
        while (line.is(end, Language::in_word) ||
               (end < line.limit && (line.text[end] == '/' || line.text[end] == '.' || line.text[end] == '+')))
            ++end;
        line.take(Token::string, end);
        return true;
    }
    return false;
}

static Token nix_judge(LineLexer& line, std::string_view word)
{
    size_t end = line.at + word.size();
    while (end < line.limit && (line.text[end] == '.' || line.is(end, Language::in_word)))
        ++end;
    size_t next = line.text.find_first_not_of(" \t", end);
    bool is_key = next < line.limit && line.text[next] == '=' && !(next + 1 < line.limit && line.text[next + 1] == '=');
    return is_key ? Token::key : Token::plain;
}

// Tables are laid out by hand.
// clang-format off
constexpr Words haskell_words[] = {
    {Token::keyword,
     "case class data default deriving do else family forall foreign if import in infix infixl infixr instance let module newtype of then type where "
     "qualified as hiding mdo rec proc pattern stock anyclass via"}};
constexpr Quote haskell_quotes[] = {{"\"", "\""}};
constexpr Words ocaml_words[] = {
    {Token::keyword,
     "and as assert begin class constraint do done downto else end exception external for fun function functor if in include inherit initializer lazy let "
     "match method module mutable new object of open or private raise rec sig struct then to try type val value virtual when while with nonrec asr land lor lsl lsr lxor mod"},
    {Token::constant, "true false"},
    {Token::type, "unit int float bool string char list array"}};
constexpr Quote ocaml_quotes[] = {{"\"", "\"", '\\', true}};
constexpr Words nix_words[] = {
    {Token::keyword, "assert else if in inherit let or rec then with"},
    {Token::constant, "true false null"},
    {Token::function,
     "abort baseNameOf builtins currentSystem currentTime derivation dirOf fetchGit fetchTarball fetchurl filterSource getAttr getEnv import isNull map "
     "removeAttrs throw toString trace"}};
constexpr Quote nix_quotes[] = {{"\"", "\"", '\\', true, Interpolation::dollar_brace}};

constexpr LanguageTable tables[] = {
    {.name = "Haskell", .files = ".hs .hsc .hs-boot .chs", .interpreters = "runhaskell runghc stack", .aliases = "haskell hs", .words = haskell_words,
     .block_comment = {"{-", "-}"}, .nests_comments = true, .quotes = haskell_quotes, .word_extra = "'", .special = haskell_special, .special_bytes = "'-#",
     .judge = haskell_judge},
    {.name = "OCaml", .files = ".ml .mli .mll .mly .eliom", .interpreters = "ocaml", .aliases = "ocaml ml", .words = ocaml_words, .block_comment = {"(*", "*)"},
     .nests_comments = true, .quotes = ocaml_quotes, .word_extra = "'", .special = ocaml_special, .special_bytes = "{'", .judge = ocaml_judge},
    {.name = "Nix", .files = ".nix", .interpreters = "nix-shell nix", .aliases = "nix", .words = nix_words, .line_comments = {"#"}, .block_comment = {"/*", "*/"},
     .quotes = nix_quotes, .word_extra = "-'", .dot_is_member = true, .special = nix_special, .special_bytes = "'</.", .judge = nix_judge},
};
// clang-format on

std::span<const LanguageTable> functional_family() { return tables; }

} // namespace quire::text
