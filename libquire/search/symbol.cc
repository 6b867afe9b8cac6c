#include "search/symbol.h"

#include <algorithm>

#include "base/strings.h"
#include "search/c_symbols.h"
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
    Finder(std::string_view language, std::vector<Symbol>& found) : m_language(language), m_found(found) {}

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
            else if (piece.token == Token::function &&
                     (colours_only_definitions(m_language) || is_one_of(before_functions, keyword)))
                add(word, SymbolKind::function, line);
            else if (piece.token == Token::type && is_one_of(before_types, keyword))
                add(word, SymbolKind::type, line);
            bool ends_search = (piece.token == Token::function || piece.token == Token::type);
            if (ends_search)
                keyword = {};
        }
        if (m_language == "Rust" || m_language == "Go")
            take_member(pieces, line);
        if (m_language == "Rust" || m_language == "Go" || m_language == "JavaScript" || m_language == "TypeScript" ||
            m_language == "Python" || m_language == "Zig")
            take_constant(pieces, line);
    }

private:
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
            return piece.token == Token::keyword &&
                   (word.ends_with("struct") || word.ends_with("enum") || word.ends_with("union"));
        });
        if (!is_type || !text.ends_with('{'))
            return;
        m_body = text.find("enum ") != std::string_view::npos ? Body::enumerators : Body::fields;
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
        bool fits = m_language == "Go"            ? next == ' ' || next == '\t'
                    : m_body == Body::enumerators ? next == ',' || next == '(' || next == ' '
                                                  : next == ':';
        if (end == 0 || !fits)
            return;
        m_member_indent = indent;
        add(text.substr(0, end), m_body == Body::enumerators ? SymbolKind::constant : SymbolKind::field, line);
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

    /// "const NAME", "static NAME", and in the first column of Python "NAME =".
    void take_constant(const std::vector<Piece>& pieces, uint32_t line)
    {
        std::string_view keyword;
        for (size_t i = 0; i < pieces.size(); ++i) {
            std::string_view text = trim(pieces[i].text);
            if (pieces[i].token == Token::keyword) {
                keyword = text.substr(text.rfind(' ') + 1);
                continue;
            }
            if (text.empty())
                continue;
            bool is_bound = keyword == "const" || keyword == "static" || (m_language == "Go" && keyword == "var");
            bool is_first = m_language == "Python" && i == 0 && pieces[0].text[0] != ' ';
            size_t end = 0;
            while (end < text.size() && (is_word_byte(text[end])))
                ++end;
            std::string_view rest = trim(text.substr(end));
            bool is_assigned = rest.starts_with('=') && !rest.starts_with("==");
            if (end > 0 && (is_bound || (is_first && is_assigned)))
                add(text.substr(0, end), SymbolKind::constant, line);
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

    enum class Body { none, fields, enumerators };
    std::string_view m_language;
    std::vector<Symbol>& m_found;
    Body m_body = Body::none;
    size_t m_indent = 0, m_member_indent = 0; ///< 0: no member was seen yet
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
    Finder finder(name, found);
    CSymbols scanner(found);
    bool is_c = name == "C" || name == "C++";
    uint32_t number = 0;
    while (!text.empty() && found.size() < most_symbols) {
        std::string_view line = take_until(text, '\n');
        ++number;
        const std::vector<Piece>& pieces = highlighter.line(line);
        if (line.size() > longest_line)
            continue;
        if (is_c)
            scanner.take_line(pieces, number);
        else
            finder.take_line(pieces, number);
    }
    return found;
}

} // namespace quire::search
