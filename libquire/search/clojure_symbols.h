// Finds what a Clojure text defines: the names of its outermost (def…) forms, past their metadata, which may take
// lines, and the methods of its protocols. A form without a value only declares.
#pragma once

#include "search/symbol.h"
#include "text/highlight.h"

namespace quire::search {

class ClojureSymbols {
public:
    explicit ClojureSymbols(std::vector<Symbol>& found) : m_found(found) {}

    void take_line(const std::vector<text::Piece>& pieces, uint32_t line);

private:
    void begin_form(std::string_view word);
    void take_form(std::string_view code, uint32_t line);
    void add(std::string_view name, SymbolKind kind, uint32_t line);

    std::vector<Symbol>& m_found;
    bool m_wants_name = false;  ///< a form has begun, and its name comes
    bool m_is_protocol = false; ///< its methods come
    SymbolKind m_kind = SymbolKind::function;
    uint32_t m_braces = 0; ///< how many are open in its metadata
};

} // namespace quire::search
