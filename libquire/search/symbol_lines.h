// SymbolLines: a symbol of a file with the lines of its definition, so that a name can stand for lines.
//
// Where a definition ends is judged by brackets, and in languages that have none around bodies by indentation. No
// grammar is known, so a definition that is laid out in an unusual way may end a few lines early or late.
#pragma once

#include <optional>

#include "search/symbol.h"

namespace quire::search {

struct SymbolLines {
    Symbol symbol;
    uint32_t last = 0; ///< the definition goes from symbol.line to this line, from 1
};

/// What a file defines under this name, by line; at most most_definitions.
constexpr size_t most_definitions = 100;
std::vector<SymbolLines> find_symbol_lines(std::string_view path, std::string_view text, std::string_view name);

/// The name of a symbol of the file that `name` is probably a misspelling of.
std::optional<std::string> nearest_symbol(std::string_view path, std::string_view text, std::string_view name);

} // namespace quire::search
