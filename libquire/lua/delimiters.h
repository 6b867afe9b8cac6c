// Delimiters: finds unmatched brackets and strings in a Fennel text, at the place where a person would look.
//
// Fennel's own reader stops at the first mismatch and reports where it noticed: for a missing bracket or quote, that is
// the end of the file. This one assumes that a "(" in the first column begins a new form, so it can point at the broken
// form and go on after it. It never fails and does not judge the code itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/data.h"

namespace quire::lua {

struct Flaw {
    text::Position position;
    std::string message;
    size_t begin = 0, end = 0; ///< the bytes that can't be read because of it
};

struct Delimiters {
    std::vector<Flaw> flaws; ///< at most 50, in order
    bool readable = true;    ///< false: there is a NUL byte or too many brackets are open, so the rest is not read
};

/// How many brackets may be open at once; Lua's own parser gives up a little later.
constexpr size_t most_open = 80;

Delimiters check_delimiters(std::string_view source);

} // namespace quire::lua
