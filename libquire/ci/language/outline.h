// Outline: where the forms of a Fennel file stand, for messages that point at them.
//
// A light reader, used only once something is wrong. It knows brackets, strings, comments and atoms, never fails, and
// makes the best of broken text. It says nothing about what code means.
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
    text::Position end; ///< of its last byte
    std::string text;   ///< of an atom, or of a string without its quotes
    std::vector<Form> items;

    /// The text of a :keyword or "string"; empty for anything else.
    std::string_view name() const;
};

std::vector<Form> read_outline(std::string_view source);

/// The innermost list around `line` whose first item is one of the words and, unless `id` is empty, whose second names
/// `id`; the first such list anywhere when none is around the line. nullptr: none.
const Form* find_call(const std::vector<Form>& forms, const std::vector<std::string_view>& words, std::string_view id,
                      uint32_t line);

} // namespace quire::ci
