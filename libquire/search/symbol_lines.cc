#include "search/symbol_lines.h"

#include <algorithm>

#include "base/strings.h"
#include "text/highlight.h"

namespace quire::search {

using text::Piece;
using text::Token;

namespace {

constexpr std::string_view blanks = " \t\r";

/// Languages in which a body is what is further in, whatever brackets it has.
bool ends_by_indentation(std::string_view language)
{
    static constexpr std::string_view languages[] = {"Python", "Ruby", "Lua",  "Haskell", "OCaml", "Elixir",
                                                     "Nix",    "YAML", "Make", "SQL",     "Julia", "TOML"};
    return std::find(std::begin(languages), std::end(languages), language) != std::end(languages);
}

/// Columns before the first byte; nothing for a blank line.
std::optional<size_t> indent_of(std::string_view line)
{
    size_t columns = 0;
    for (char byte : line) {
        if (blanks.find(byte) == std::string_view::npos)
            return columns;
        columns += byte == '\t' ? 8 - columns % 8 : 1;
    }
    return std::nullopt;
}

bool begins_with_closing(std::string_view line)
{
    line = trim(line);
    constexpr std::string_view closers = "})]";
    if (line.empty() || closers.find(line[0]) != std::string_view::npos)
        return !line.empty();
    return line.starts_with(";;") || line == "where" || line.starts_with("where ") || line == "end" ||
           line.starts_with("end ") || line.starts_with("end)") || line.starts_with("end,") ||
           line.starts_with("end;") || line.starts_with("done");
}

/// In Haskell a definition is several equations, each beginning with the name.
bool is_word_at(std::string_view line, std::string_view name)
{
    return line.starts_with(name) && (line.size() == name.size() || line[name.size()] == ' ');
}

/// Counts the brackets of a definition, line by line.
class Brackets {
public:
    Brackets(std::string_view language, std::string_view first_line)
        : m_is_lisp(trim(first_line).starts_with('(')), m_has_bodies(!ends_by_indentation(language))
    {}

    /// Whether the definition ends with this line.
    bool take(const std::vector<Piece>& pieces)
    {
        for (const Piece& piece : pieces) {
            if (piece.token == Token::comment || piece.token == Token::string)
                continue;
            for (char byte : piece.text)
                if (take(byte))
                    return true;
        }
        return m_has_body && m_depth == 0;
    }
    bool is_between() const { return m_depth == 0 && !m_has_body; }

private:
    bool take(char byte)
    {
        if (byte == '(' || byte == '[' || byte == '{') {
            m_has_body |= (byte == '{' && m_has_bodies) || (m_is_lisp && m_depth == 0);
            ++m_depth;
        } else if (byte == ')' || byte == ']' || byte == '}') {
            if (--m_depth < 0)
                return true; // it ends what is around the definition
        } else if (byte == ';' && m_depth == 0 && m_has_bodies) {
            return !m_has_body;
        }
        return false;
    }

    bool m_is_lisp, m_has_bodies, m_has_body = false;
    int m_depth = 0;
};

class Ends {
public:
    Ends(std::string_view path, std::string_view text)
        : m_language(text::find_language(path.substr(path.rfind('/') + 1), text)), m_highlighter(m_language)
    {
        while (!text.empty())
            m_lines.push_back(take_until(text, '\n'));
    }

    /// The last line of what begins at `first`, both from 1. To be asked in the order of lines.
    uint32_t end_of(uint32_t first, std::string_view name)
    {
        for (; m_read + 1 < first; ++m_read)
            m_highlighter.line(m_lines[m_read]);
        text::Highlighter ahead(m_language);
        ahead.resume(m_highlighter.state());
        std::string_view language = m_language ? text::language_name(*m_language) : "";
        Brackets brackets(language, m_lines[first - 1]);
        size_t indent = indent_of(m_lines[first - 1]).value_or(0);
        auto last = static_cast<uint32_t>(std::min<size_t>(m_lines.size(), size_t{first} + most_lines));
        for (uint32_t line = first; line <= last && m_budget > 0; ++line, --m_budget) {
            std::string_view text = m_lines[line - 1];
            auto here = indent_of(text);
            bool begins_next = line > first && brackets.is_between() && here && *here <= indent &&
                               !begins_with_closing(text) && !trim(text).starts_with('{') &&
                               !(language == "Haskell" && is_word_at(trim(text), name));
            if (begins_next)
                return last_with_text(first, line - 1);
            if (text.size() <= longest_line && brackets.take(ahead.line(text)))
                return line;
            bool is_closed = line > first && brackets.is_between() && here && *here <= indent &&
                             begins_with_closing(text) && !goes_on(line, indent);
            if (is_closed)
                return line;
        }
        return last_with_text(first, last);
    }

    uint32_t last_with_text(uint32_t first, uint32_t line) const
    {
        while (line > first && !indent_of(m_lines[line - 1]))
            --line;
        return line;
    }

    uint32_t size() const { return static_cast<uint32_t>(m_lines.size()); }

private:
    static constexpr size_t most_lines = 20'000, longest_line = 2000;

    /// Whether what follows a line that closes something is further in: "):" ends only the parameters.
    bool goes_on(uint32_t line, size_t indent) const
    {
        return line < m_lines.size() && indent_of(m_lines[line]).value_or(0) > indent;
    }

    const text::Language* m_language;
    text::Highlighter m_highlighter;
    std::vector<std::string_view> m_lines;
    uint32_t m_read = 0;       ///< lines that m_highlighter has read
    size_t m_budget = 200'000; ///< lines that may still be looked at, for all definitions together
};

} // namespace

std::vector<SymbolLines> find_symbol_lines(std::string_view path, std::string_view text, std::string_view name)
{
    std::vector<Symbol> symbols = find_symbols(path, text);
    std::stable_sort(symbols.begin(), symbols.end(), [](const Symbol& a, const Symbol& b) { return a.line < b.line; });
    Ends ends(path, text);
    std::vector<SymbolLines> found;
    for (auto symbol = symbols.begin(); symbol != symbols.end(); ++symbol) {
        bool is_again = !found.empty() && found.back().symbol.line == symbol->line;
        if (symbol->name != name || is_again)
            continue;
        if (found.size() == most_definitions)
            break;
        uint32_t last = 0;
        if (symbol->kind == SymbolKind::section) {
            auto next = std::find_if(symbol + 1, symbols.end(),
                                     [](const Symbol& other) { return other.kind == SymbolKind::section; });
            last = ends.last_with_text(symbol->line, next == symbols.end() ? ends.size() : next->line - 1);
        } else {
            last = ends.end_of(symbol->line, name);
        }
        found.push_back({std::move(*symbol), last});
    }
    return found;
}

std::optional<std::string> nearest_symbol(std::string_view path, std::string_view text, std::string_view name)
{
    std::vector<std::string> names;
    for (Symbol& symbol : find_symbols(path, text))
        names.push_back(std::move(symbol.name));
    return nearest(name, names);
}

} // namespace quire::search
