// Symbols of C and C++, by a scanner of statements: it knows what stands at the top of a file, in a namespace or in a
// class, and passes over the bodies of functions. Private to search/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/symbol.h"
#include "text/highlight.h"

namespace quire::search {

class CSymbols {
public:
    explicit CSymbols(std::vector<Symbol>& found) : m_found(found) {}
    void take_line(const std::vector<text::Piece>& pieces, uint32_t line);

private:
    enum class Scope : uint8_t { open, members, list, closed }; ///< namespaces; types; enumerators; bodies

    /// A word or a mark of the statement that has begun.
    struct Item {
        std::string text;
        uint32_t line = 0;
        bool is_word = false;
    };

    void take_directive(std::string_view text, uint32_t line);
    void take_code(std::string_view text, bool has_words);
    void take_mark(char mark);
    void open_brace();
    void close_brace();
    void end_statement();
    void end_enumerator();
    void add_typedef();
    void add_variables(size_t end, SymbolKind kind);
    void add(const Item& item, SymbolKind kind);
    const Item* function_name() const;
    const Item* type_name() const;
    bool begins_with(std::string_view word) const;
    bool has_word(std::string_view word) const;

    static constexpr size_t most_items = 400;
    std::vector<Symbol>& m_found;
    std::vector<Item> m_items;
    std::vector<Scope> m_scopes;
    std::vector<size_t> m_typedefs;             ///< the depth of each "typedef struct {" that is open
    std::vector<std::vector<Scope>> m_branches; ///< the scopes at each "#if"
    uint32_t m_line = 0;
    int m_parens = 0;
    bool m_is_after_initializer = false;
};

} // namespace quire::search
