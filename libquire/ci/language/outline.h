// Outline: the positions of the forms in a Fennel file, for messages that point at them.
//
// A light reader that is used only after something went wrong. It knows brackets, strings, comments and atoms, never
// fails, and makes the best of broken text. It does not know what the code means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/data.h"

namespace quire::ci {

struct Form {
    enum class Kind { list, sequence, table, atom, string };
    Kind kind = Kind::list;
    text::Position begin;
    text::Position end; ///< where its last byte is
    std::string text;   ///< an atom's text, or a string's without its quotes
    std::vector<Form> items;

    /// The text of a :keyword or "string"; empty for anything else.
    std::string_view name() const;
};

std::vector<Form> read_outline(std::string_view source);

/// The innermost list around `line` whose first item is one of the words and whose second item names `id`, unless that
/// is empty. If there is none around the line, the first such list in the file. nullptr: there is none.
const Form* find_call(const std::vector<Form>& forms, const std::vector<std::string_view>& words, std::string_view id,
                      uint32_t line);

} // namespace quire::ci
