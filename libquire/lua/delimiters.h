// Delimiters: brackets and strings of a Fennel text that do not match, told where a person would look for the slip.
//
// Fennel's own reader stops at the first one and names the place where it noticed: for a bracket or a quote that is
// missing, the end of the file. This one knows that a "(" in the first column begins a form, so it goes on after a
// broken one. It never fails and says nothing about what code means.
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
    bool readable = true;    ///< false: a NUL byte or too many open brackets; what is left is not worth reading
};

/// Brackets that may be open at once; Lua's own parser gives up a little later.
constexpr size_t most_open = 80;

Delimiters check_delimiters(std::string_view source);

} // namespace quire::lua
