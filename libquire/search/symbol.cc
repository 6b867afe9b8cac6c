#include "search/symbol.h"

#include <algorithm>

#include "base/strings.h"
#include "search/c_symbols.h"
#include "search/clojure_symbols.h"
#include "text/highlight.h"

namespace quire::search {

using text::Piece;
using text::Token;

constexpr size_t longest_name = 200;
constexpr size_t most_symbols = 20'000;
/// In longer lines nobody defines what others look for.
constexpr size_t longest_line = 2000;

std::string_view name_of(SymbolKind kind)
{
    constexpr std::string_view names[] = {"function", "type", "constant", "field", "section"};
    return names[static_cast<uint8_t>(kind)];
}

namespace {

/// Words after which a name is defined, whatever the language.
constexpr std::string_view before_functions =
    " def defp defn defn- defmacro defmacrop defmulti defun defsubst fn func fun function sub proc macro method λ "
    "lambda "
    "let rec and val external local global var task procedure constructor fexpr define defmethod deftest ";
constexpr std::string_view before_types =
    " class struct enum union interface trait type record object protocol module data newtype mod actor extension "
    "typedef "
    "namespace package defmodule defstruct deftype defrecord defprotocol concept instance annotation ";

bool is_one_of(std::string_view words, std::string_view word)
{
    size_t at = words.find(word);
    for (; at != std::string_view::npos && !word.empty(); at = words.find(word, at + 1))
        if (at > 0 && words[at - 1] == ' ' && words[at + word.size()] == ' ')
            return true;
    return false;
}

/// Languages in which every name that is coloured as a function is being defined.
bool colours_only_definitions(std::string_view language)
{
    static constexpr std::string_view languages[] = {"Java",  "C#",    "Kotlin", "Haskell",
                                                     "shell", "Scala", "Swift",  "OCaml"};
    return std::find(std::begin(languages), std::end(languages), language) != std::end(languages);
}

class Finder {
public:
    Finder(const text::Language& language, std::vector<Symbol>& found)
        : m_table(language), m_language(text::language_name(language)), m_found(found)
    {}

    void take_line(const std::vector<Piece>& pieces, uint32_t line)
    {
        if (m_language == "Fennel")
            take_binding(pieces, line, {"(local ", "(var ", "(global "}, SymbolKind::constant);
        if (m_language == "shell")
            take_binding(pieces, line, {"function "}, SymbolKind::function);
        std::string_view keyword; // the last one
        for (const Piece& piece : pieces) {
            std::string_view word = trim(piece.text);
            if (piece.token == Token::keyword)
                keyword = word.substr(word.rfind(' ') + 1);
            else if (piece.token == Token::heading)
                add_section(word, line);
            else if (piece.token == Token::function && !is_called(pieces, piece, word) &&
                     (colours_only_definitions(m_language) || is_one_of(before_functions, keyword)))
                add(word, SymbolKind::function, line);
            else if (piece.token == Token::type && is_one_of(before_types, keyword))
                add(word, SymbolKind::type, line);
            bool ends_search = (piece.token == Token::function || piece.token == Token::type);
            if (ends_search)
                keyword = {};
        }
        if (is_one_of(" Rust Go Java C# ", m_language))
            take_member(pieces, line);
        if (is_one_of(" Rust Go JavaScript TypeScript Python Zig PHP ", m_language))
            take_constant(pieces, line);
        if (is_one_of(" Java C# ", m_language))
            take_field(text_of(pieces), line);
        if (m_language == "Go")
            take_group(text_of(pieces), line);
    }

private:
    /// Whether a coloured name is one that comes with the language, such as "echo", and is not defined anew: there it
    /// follows a keyword, or parentheses follow it in a shell's script.
    bool is_called(const std::vector<Piece>& pieces, const Piece& piece, std::string_view word) const
    {
        if (!text::has_meaning(m_table, word))
            return false;
        std::string_view whole = text_of(pieces);
        auto begin = static_cast<size_t>(piece.text.data() - whole.data());
        if (m_language == "shell")
            return !trim(whole.substr(begin + piece.text.size())).starts_with('(');
        std::string_view before = trim(whole.substr(0, begin));
        size_t blank = before.find_last_of(" \t(");
        return !is_one_of(before_functions, before.substr(blank == std::string_view::npos ? 0 : blank + 1));
    }

    /// Fields and enumerators: what begins a line in the braces of a type that was opened on a line before.
    void take_member(const std::vector<Piece>& pieces, uint32_t line)
    {
        std::string_view text = text_of(pieces);
        size_t indent = std::min(text.find_first_not_of(" \t"), text.size());
        text = trim(text);
        if (strip_prefix(text, "macro_rules!"))
            return add(trim(text.substr(0, text.find('{'))), SymbolKind::function, line);
        if (m_body != Body::none && text.starts_with('}') && indent <= m_indent)
            m_body = Body::none;
        if (m_body != Body::none && (m_member_indent == 0 || indent == m_member_indent) && indent > m_indent)
            add_member(text, indent, line);
        bool is_type = std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) {
            std::string_view word = trim(piece.text);
            return piece.token == Token::keyword && (word.ends_with("struct") || word.ends_with("enum") ||
                                                     word.ends_with("union") || word.ends_with("interface"));
        });
        if (!is_type || !text.ends_with('{'))
            return;
        m_body = text.find("enum ") != std::string_view::npos        ? Body::enumerators
                 : text.find("interface ") != std::string_view::npos ? Body::interface
                                                                     : Body::fields;
        m_indent = indent;
        m_member_indent = 0;
    }

    void add_member(std::string_view text, size_t indent, uint32_t line)
    {
        if (text.starts_with("pub ") || text.starts_with("pub(")) {
            text.remove_prefix(3);
            if (text.starts_with('('))
                text.remove_prefix(std::min(text.find(')') + 1, text.size()));
            text = trim(text);
        }
        size_t end = 0;
        while (end < text.size() && is_word_byte(text[end]))
            ++end;
        char next = end < text.size() ? text[end] : ',';
        if (is_one_of(" Java C# ", m_language)) { // what else is in the braces begins with a word in small letters
            m_member_indent = indent;
            if (m_body == Body::enumerators && text[0] >= 'A' && text[0] <= 'Z' &&
                std::string_view(",(;{").find(next) != std::string_view::npos)
                add(text.substr(0, end), SymbolKind::constant, line);
            return;
        }
        bool fits = m_language == "Go"            ? next == ' ' || next == '\t'
                    : m_body == Body::enumerators ? next == ',' || next == '(' || next == ' '
                                                  : next == ':';
        if (end == 0 || !fits)
            return;
        m_member_indent = indent;
        add(text.substr(0, end), m_body == Body::enumerators ? SymbolKind::constant : SymbolKind::field, line);
    }

    /// "private static final int NAME = 1;", and in an interface "int NAME = 1;"
    void take_field(std::string_view text, uint32_t line)
    {
        size_t indent = std::min(text.find_first_not_of(" \t"), text.size());
        text.remove_prefix(indent);
        size_t end = text.find_first_of("=;({\"'");
        if (end == std::string_view::npos || (text[end] != '=' && text[end] != ';'))
            return;
        text = trim(text.substr(0, end));
        std::string_view first = text.substr(0, text.find_first_of(" \t"));
        bool is_member = is_one_of(" public private protected internal static ", first) ||
                         (m_body == Body::interface && indent == m_member_indent && !first.starts_with('@'));
        size_t begin = text.find_last_of(" \t");
        std::string_view name = begin == std::string_view::npos ? std::string_view() : text.substr(begin + 1);
        if (is_member && !name.empty() && std::all_of(name.begin(), name.end(), is_word_byte))
            add(name,
                text.find("final") != std::string_view::npos || m_body == Body::interface ? SymbolKind::constant
                                                                                          : SymbolKind::field,
                line);
    }

    /// Names in "const (" and "var (".
    void take_group(std::string_view text, uint32_t line)
    {
        if (text.starts_with("const (") || text.starts_with("var ("))
            m_is_group = true;
        else if (!text.empty() && text[0] != '\t')
            m_is_group = false;
        if (!m_is_group || text.size() < 2 || text[0] != '\t' || !is_word_byte(text[1]))
            return;
        size_t end = 1;
        while (end < text.size() && is_word_byte(text[end]))
            ++end;
        add(text.substr(1, end - 1), SymbolKind::constant, line);
    }

    /// A name after one of these words at the beginning of a line.
    void take_binding(const std::vector<Piece>& pieces, uint32_t line, std::initializer_list<std::string_view> words,
                      SymbolKind kind)
    {
        std::string_view text = text_of(pieces);
        for (std::string_view word : words)
            if (text.starts_with(word)) {
                text.remove_prefix(word.size());
                add(text.substr(0, text.find_first_of(" \t({[")), kind, line);
                return;
            }
    }

    static std::string_view text_of(const std::vector<Piece>& pieces)
    {
        if (pieces.empty())
            return {};
        const char* begin = pieces[0].text.data();
        return {begin, static_cast<size_t>(pieces.back().text.data() + pieces.back().text.size() - begin)};
    }

    /// "const NAME", "static NAME", and in the first column of Python "NAME =". What is further in is a function's own.
    void take_constant(const std::vector<Piece>& pieces, uint32_t line)
    {
        std::string_view keyword;
        bool is_script = m_language == "JavaScript" || m_language == "TypeScript";
        std::string_view whole = text_of(pieces);
        if ((is_script || m_language == "Go") && (whole.starts_with(' ') || whole.starts_with('\t')))
            return;
        for (size_t i = 0; i < pieces.size(); ++i) {
            std::string_view text = trim(pieces[i].text);
            if (pieces[i].token == Token::keyword) {
                keyword = text.substr(text.rfind(' ') + 1);
                continue;
            }
            if (text.empty())
                continue;
            bool is_bound = keyword == "const" || keyword == "static" || (m_language == "Go" && keyword == "var") ||
                            (is_script && (keyword == "let" || keyword == "var"));
            bool is_first = m_language == "Python" && i == 0 && pieces[0].text[0] != ' ';
            size_t end = 0;
            while (end < text.size() && (is_word_byte(text[end])))
                ++end;
            std::string_view rest = trim(text.substr(end));
            bool is_assigned = rest.starts_with('=') && !rest.starts_with("==");
            bool is_private = is_script && !whole.starts_with("export");
            if (end > 0 && (is_bound || (is_first && is_assigned)))
                add(text.substr(0, end), is_private ? SymbolKind::field : SymbolKind::constant, line);
            return;
        }
    }

    static bool is_word_byte(char c)
    {
        auto byte = static_cast<unsigned char>(c);
        return c == '_' || (c >= '0' && c <= '9') || byte >= 0x80 || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
    }

    /// The last part of "module.name" and "module:name".
    void add(std::string_view name, SymbolKind kind, uint32_t line)
    {
        size_t colon = m_language == "Lua" || m_language == "Fennel" ? name.find_last_of(".:") : std::string_view::npos;
        if (colon != std::string_view::npos && colon + 1 < name.size())
            name.remove_prefix(colon + 1);
        bool is_again = !m_found.empty() && m_found.back().name == name && m_found.back().kind == kind;
        if (!name.empty() && name.size() <= longest_name && name.find_first_of(" \t(){}") == std::string_view::npos &&
            !(is_again && m_language == "Haskell") && !name.ends_with('!'))
            m_found.push_back({std::string(name), kind, line});
    }

    void add_section(std::string_view title, uint32_t line)
    {
        title = trim(title.substr(std::min(title.find_first_not_of("#="), title.size())));
        while (title.ends_with('#'))
            title.remove_suffix(1);
        title = trim(title);
        if (!title.empty() && title.find_first_not_of("-=~ ") != std::string_view::npos)
            m_found.push_back({std::string(title.substr(0, longest_name)), SymbolKind::section, line});
    }

    enum class Body { none, fields, enumerators, interface };
    const text::Language& m_table;
    std::string_view m_language;
    std::vector<Symbol>& m_found;
    Body m_body = Body::none;
    size_t m_indent = 0, m_member_indent = 0; ///< 0: no member was seen yet
    bool m_is_group = false;                  ///< in "const (" of Go
};

} // namespace

std::vector<Symbol> find_symbols(std::string_view path, std::string_view text)
{
    std::vector<Symbol> found;
    const text::Language* language = text::find_language(path.substr(path.rfind('/') + 1), text);
    if (!language)
        return found;
    std::string_view name = text::language_name(*language);
    text::Highlighter highlighter(language);
    Finder finder(*language, found);
    CSymbols scanner(found);
    ClojureSymbols clojure(found);
    bool is_c = name == "C" || name == "C++", is_clojure = name == "Clojure";
    uint32_t number = 0;
    while (!text.empty() && found.size() < most_symbols) {
        std::string_view line = take_until(text, '\n');
        ++number;
        const std::vector<Piece>& pieces = highlighter.line(line);
        if (line.size() > longest_line)
            continue;
        if (is_c)
            scanner.take_line(pieces, number);
        else if (is_clojure)
            clojure.take_line(pieces, number);
        else
            finder.take_line(pieces, number);
    }
    return found;
}

} // namespace quire::search
