#include "search/clojure_symbols.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::search {

using text::Token;

constexpr std::string_view ends_of_symbols = " \t\r,()[]{}\";";

static size_t end_of_symbol(std::string_view code, size_t from)
{
    return std::min(code.find_first_of(ends_of_symbols, from), code.size());
}

/// The line with blanks for its comments, strings and keywords.
static std::string code_of(const std::vector<text::Piece>& pieces)
{
    std::string code;
    for (const text::Piece& piece : pieces) {
        bool is_code = piece.token != Token::comment && piece.token != Token::string;
        code += is_code ? std::string(piece.text) : std::string(piece.text.size(), ' ');
    }
    return code;
}

void ClojureSymbols::take_line(const std::vector<text::Piece>& pieces, uint32_t line)
{
    std::string code = code_of(pieces);
    std::string_view rest = code;
    if (rest.starts_with('(')) { // an outermost form
        m_wants_name = m_is_protocol = false;
        size_t end = end_of_symbol(rest, 1);
        begin_form(rest.substr(1, end - 1));
        rest.remove_prefix(end);
    } else if (m_is_protocol && !m_wants_name && rest.starts_with("  (")) {
        rest.remove_prefix(3);
        add(rest.substr(0, end_of_symbol(rest, 0)), SymbolKind::function, line);
    }
    if (m_wants_name)
        take_form(rest, line);
}

void ClojureSymbols::begin_form(std::string_view word)
{
    m_wants_name = word.starts_with("def") && word != "default" && word != "defmethod";
    m_is_protocol = word == "defprotocol" || word == "definterface";
    bool is_type = m_is_protocol || word == "defrecord" || word == "deftype" || word == "defstruct";
    m_kind = is_type ? SymbolKind::type : word == "defonce" ? SymbolKind::constant : SymbolKind::function;
    m_braces = 0;
}

/// Goes on to the name.
void ClojureSymbols::take_form(std::string_view code, uint32_t line)
{
    for (size_t at = 0; at < code.size();) {
        char c = code[at];
        if (m_braces > 0 || c == '{') {
            m_braces += c == '{' ? 1 : c == '}' ? -1 : 0;
            ++at;
        } else if (c == '^' || (c == '#' && at + 1 < code.size() && code[at + 1] == '^')) {
            at += c == '#' ? 2 : 1;
            if (at < code.size() && code[at] != '{') // a tag
                at = end_of_symbol(code, at);
        } else if (ends_of_symbols.find(c) != std::string_view::npos) {
            if (c == '(' || c == ')') { // "(def ~name" in a macro, or nothing at all
                m_wants_name = false;
                return;
            }
            ++at;
        } else {
            size_t end = end_of_symbol(code, at);
            bool is_declared = end < code.size() && code[end] == ')';
            if (!is_declared)
                add(code.substr(at, end - at), m_kind, line);
            m_wants_name = false;
            return;
        }
    }
}

void ClojureSymbols::add(std::string_view name, SymbolKind kind, uint32_t line)
{
    constexpr size_t longest_name = 200;
    if (!name.empty() && name.size() <= longest_name && name.find_first_of("~`'#@") == std::string_view::npos)
        m_found.push_back({std::string(name), kind, line});
}

} // namespace quire::search
