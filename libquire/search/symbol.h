// Symbols: the names that a file defines, as the tables of text/highlight tell them. They know no grammar, so a symbol
// may be missing or one too many; they cost little and know every language that is highlighted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::search {

enum class SymbolKind : uint8_t { function, type, constant, field, section };
constexpr uint8_t symbol_kinds = 5;
std::string_view name_of(SymbolKind kind);

struct Symbol {
    std::string name;
    SymbolKind kind = SymbolKind::function;
    uint32_t line = 0; ///< from 1
    bool operator==(const Symbol&) const = default;
};

/// A symbol's place in a segment.
struct SymbolPlace {
    uint32_t doc = 0, line = 0;
    SymbolKind kind = SymbolKind::function;
};

/// The symbols of a text, by line. The path tells the language.
std::vector<Symbol> find_symbols(std::string_view path, std::string_view text);

} // namespace quire::search
