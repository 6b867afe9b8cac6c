#include "search/c_symbols.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"

namespace quire::search {

using text::Piece;
using text::Token;

static bool begins_name(char c)
{
    auto byte = static_cast<unsigned char>(c);
    return c == '_' || c == '~' || byte >= 0x80 || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

static bool is_name_byte(char c) { return (begins_name(c) && c != '~') || (c >= '0' && c <= '9'); }

static size_t name_end(std::string_view text, size_t from)
{
    while (from < text.size() && is_name_byte(text[from]))
        ++from;
    return from;
}

void CSymbols::take_line(const std::vector<Piece>& pieces, uint32_t line)
{
    m_line = line;
    for (const Piece& piece : pieces) {
        bool is_whole_line = piece.token == Token::directive && trim(piece.text).starts_with('#');
        if (is_whole_line)
            return take_directive(piece.text, line);
        if (piece.token == Token::directive)
            continue; // an attribute, or a directive that goes on
        if (piece.token == Token::string || piece.token == Token::number)
            take_code("0", false); // a value
        else if (piece.token != Token::comment)
            take_code(piece.text, true);
    }
}

/// "#define NAME". Each branch of a condition begins in the scopes in which the first one began.
void CSymbols::take_directive(std::string_view text, uint32_t line)
{
    text = trim(text);
    if (!strip_prefix(text, "#"))
        return;
    text = trim(text);
    std::string_view word = text.substr(0, name_end(text, 0));
    if (word == "define") {
        std::string_view name = trim(text.substr(word.size()));
        name = name.substr(0, name_end(name, 0));
        if (!name.empty())
            m_found.push_back({std::string(name), SymbolKind::constant, line});
    } else if (word.starts_with("if")) {
        constexpr size_t deepest = 64;
        if (m_branches.size() < deepest)
            m_branches.push_back(m_scopes);
    } else if ((word == "else" || word.starts_with("elif")) && !m_branches.empty()) {
        m_scopes = m_branches.back();
    } else if (word == "endif" && !m_branches.empty()) {
        m_branches.pop_back();
    }
}

void CSymbols::take_code(std::string_view text, bool has_words)
{
    for (size_t at = 0; at < text.size();) {
        if (has_words && begins_name(text[at])) {
            size_t end = name_end(text, at + 1);
            if (m_items.size() < most_items)
                m_items.push_back({std::string(text.substr(at, end - at)), m_line, true});
            at = end;
            continue;
        }
        if (text[at] != ' ' && text[at] != '\t' && text[at] != '\r')
            take_mark(text[at]);
        ++at;
    }
}

void CSymbols::take_mark(char mark)
{
    bool is_closed = !m_scopes.empty() && m_scopes.back() == Scope::closed;
    if (mark == '{')
        return open_brace();
    if (mark == '}')
        return close_brace();
    if (is_closed) {
        m_items.clear();
        return;
    }
    if (mark == '(')
        ++m_parens;
    if (mark == ')')
        m_parens = std::max(m_parens - 1, 0);
    bool is_list = !m_scopes.empty() && m_scopes.back() == Scope::list;
    if (mark == ',' && is_list && m_parens == 0)
        return end_enumerator();
    if (mark == ';' && m_parens == 0)
        return end_statement();
    if (m_items.size() < most_items)
        m_items.push_back({std::string(1, mark), m_line, false});
}

bool CSymbols::has_word(std::string_view word) const
{
    return std::any_of(m_items.begin(), m_items.end(), [&](const Item& item) { return item.text == word; });
}

bool CSymbols::begins_with(std::string_view word) const { return !m_items.empty() && m_items[0].text == word; }

/// The name before the first parameter list: passes over attributes, macros in capitals and "operator".
const CSymbols::Item* CSymbols::function_name() const
{
    int depth = 0;
    for (size_t i = 0; i < m_items.size(); ++i) {
        std::string_view text = m_items[i].text;
        if (text == "(" && depth == 0 && i > 0 && m_items[i - 1].is_word) {
            std::string_view name = m_items[i - 1].text;
            bool is_attribute = name.starts_with("__") || name == "alignas" || name == "decltype" ||
                                name == "noexcept" || name == "requires" || name == "explicit" || name == "operator" ||
                                name == "while" || name == "if" || name == "for" || name == "switch";
            if (!is_attribute)
                return &m_items[i - 1];
        }
        depth += text == "(" ? 1 : text == ")" ? -1 : 0;
        if (text == "=" && depth == 0)
            return nullptr;
    }
    return nullptr;
}

/// The name after "class", "struct", "union" or "enum", if the statement is a definition of that.
const CSymbols::Item* CSymbols::type_name() const
{
    for (size_t i = 0; i < m_items.size(); ++i) {
        std::string_view text = m_items[i].text;
        if (text == "(" || text == "=")
            return nullptr;
        bool is_template = text == "template";
        if (is_template) { // "template <class T>"
            int depth = 0;
            for (++i; i < m_items.size(); ++i) {
                depth += m_items[i].text == "<" ? 1 : m_items[i].text == ">" ? -1 : 0;
                if (depth == 0)
                    break;
            }
            continue;
        }
        if (text != "class" && text != "struct" && text != "union" && text != "enum")
            continue;
        const Item* name = nullptr;
        for (++i; i < m_items.size(); ++i) {
            const Item& item = m_items[i];
            if (item.text == ":" && !(i + 1 < m_items.size() && m_items[i + 1].text == ":"))
                break;
            bool is_qualifier = item.text == ":" && i + 1 < m_items.size();
            if (is_qualifier) {
                ++i;
                continue;
            }
            if (item.text == "(" || item.text == "*" || item.text == "=")
                return nullptr;
            if (item.text == "<")
                break; // a specialisation
            if (item.is_word && item.text != "final" && item.text != "class" && item.text != "struct")
                name = &item;
        }
        return name;
    }
    return nullptr;
}

void CSymbols::add(const Item& item, SymbolKind kind)
{
    constexpr size_t longest = 200;
    if (item.text.size() <= longest && item.text != "0")
        m_found.push_back({item.text, kind, item.line});
}

void CSymbols::open_brace()
{
    constexpr size_t deepest = 200;
    if (m_scopes.size() >= deepest)
        m_scopes.resize(1);
    Scope scope = Scope::closed;
    bool is_inside = !m_scopes.empty() && m_scopes.back() == Scope::closed;
    if (!is_inside && m_parens == 0) {
        const Item* type = type_name();
        if (has_word("namespace") || (begins_with("extern") && !function_name()))
            scope = Scope::open;
        else if (type ||
                 (!function_name() &&
                  (has_word("struct") || has_word("class") || has_word("union") || has_word("enum")) && !has_word("=")))
            scope = has_word("enum") ? Scope::list : Scope::members;
        else if (const Item* name = function_name())
            add(*name, SymbolKind::function);
        if (type)
            add(*type, SymbolKind::type);
        // "typedef struct a {…} b;", "struct {…} c;": what follows the brace belongs to the statement.
        bool is_typedef = begins_with("typedef");
        bool is_value = has_word("=");
        if (is_value)
            end_statement();
        m_is_after_initializer = is_value;
        m_items.clear();
        if (is_typedef)
            m_typedefs.push_back(m_scopes.size());
    } else if (!is_inside) {
        m_parens = 0;
    }
    m_scopes.push_back(scope);
}

void CSymbols::close_brace()
{
    if (!m_scopes.empty() && m_scopes.back() == Scope::list)
        end_enumerator();
    if (!m_scopes.empty())
        m_scopes.pop_back();
    m_items.clear();
    m_parens = 0;
    if (!m_typedefs.empty() && m_typedefs.back() >= m_scopes.size()) {
        m_typedefs.pop_back();
        m_items.push_back({"typedef", m_line, true});
    }
}

void CSymbols::end_enumerator()
{
    if (!m_items.empty() && m_items[0].is_word)
        add(m_items[0], SymbolKind::constant);
    m_items.clear();
}

/// A type's other name, or a variable at the top. Declarations of functions are not definitions.
void CSymbols::end_statement()
{
    bool is_member = !m_scopes.empty() && m_scopes.back() == Scope::members;
    bool is_open = m_scopes.empty() || m_scopes.back() == Scope::open || is_member;
    bool is_after = std::exchange(m_is_after_initializer, false);
    if (is_open && !is_after && m_items.size() > 1) {
        size_t end = 0; // of the declarator
        int depth = 0;
        for (; end < m_items.size(); ++end) {
            std::string_view text = m_items[end].text;
            depth += text == "(" || text == "<" ? 1 : text == ")" || text == ">" ? -1 : 0;
            bool is_width = text == ":" && is_member && end + 1 < m_items.size() && m_items[end + 1].text != ":" &&
                            m_items[end - 1].text != ":" && end > 1;
            if (depth == 0 && (text == "=" || text == "[" || is_width))
                break;
        }
        bool is_using = begins_with("using") && m_items.size() > 2 && m_items[2].text == "=";
        if (is_using)
            add(m_items[1], SymbolKind::type);
        else if (begins_with("typedef"))
            add_typedef();
        else if (!begins_with("extern") && !begins_with("using") && !has_word("friend") && end > 1)
            add_variables(end, is_member ? SymbolKind::field : SymbolKind::constant);
    }
    m_items.clear();
    m_parens = 0;
}

/// The last word, or in "typedef int (*name)(…)" the one after the star.
void CSymbols::add_typedef()
{
    for (size_t i = 2; i + 1 < m_items.size(); ++i)
        if (m_items[i].text == "*" && m_items[i - 1].text == "(" && m_items[i + 1].is_word)
            return add(m_items[i + 1], SymbolKind::type);
    for (size_t i = m_items.size(); i > 1; --i)
        if (m_items[i - 1].text == "(") {
            return m_items[i - 2].is_word ? add(m_items[i - 2], SymbolKind::type) : void();
        }
    for (size_t i = m_items.size(); i > 1; --i)
        if (m_items[i - 1].is_word)
            return add(m_items[i - 1], SymbolKind::type);
}

/// The names before commas and before the end of the declarator. "struct name;" only says that there is such a type.
void CSymbols::add_variables(size_t end, SymbolKind kind)
{
    bool is_forward =
        end == 2 && (begins_with("struct") || begins_with("class") || begins_with("union") || begins_with("enum"));
    bool is_function = std::any_of(m_items.begin(), m_items.begin() + static_cast<ptrdiff_t>(end),
                                   [](const Item& item) { return item.text == "("; });
    if (is_forward || begins_with("goto") || begins_with("return"))
        return;
    if (is_function) { // "int (*name)(…)"
        for (size_t i = 1; i + 2 < end; ++i)
            if (m_items[i].text == "*" && m_items[i - 1].text == "(" && m_items[i + 1].is_word &&
                m_items[i + 2].text == ")")
                return add(m_items[i + 1], kind);
        return;
    }
    int depth = 0;
    for (size_t i = 1; i < end; ++i) {
        depth += m_items[i].text == "<" ? 1 : m_items[i].text == ">" ? -1 : 0;
        bool is_last = i + 1 == end || m_items[i + 1].text == ",";
        if (is_last && depth == 0 && m_items[i].is_word)
            add(m_items[i], kind);
    }
}

} // namespace quire::search
