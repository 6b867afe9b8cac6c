// A text as code: highlighted, a line each, with numbers to link to. Bounded, whatever the text holds.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "text/highlight.h"
#include "web/html/html.h"

namespace quire::web {

constexpr int usual_tab_width = 8;

struct CodeView {
    uint64_t first = 1; ///< the first line's number
    size_t max_lines = 10'000;
    size_t max_markup = 2u << 20; ///< the line that reaches it is the last
    bool wraps = false;
    uint64_t page = 0; ///< lines of a page, where the text has several (0: it has not): the script finds the others
    int tab_width = usual_tab_width;
    std::vector<std::pair<uint64_t, uint64_t>> cut = {}; ///< lines that are longer than shown, and by how many bytes
};

/// Appends the lines, each with the anchor "L<number>"; how many they were.
uint64_t add_code(Html& html, std::string_view file_name, std::string_view content, const CodeView& view = {});
/// The same with a highlighter that knows what is in front of the lines.
uint64_t add_code(Html& html, const text::Highlighter& highlighter, std::string_view content,
                  const CodeView& view = {});

/// A line's markup.
Html highlighted(const std::vector<text::Piece>& pieces);

/// One line with its number and the anchor; the caller ends it with a newline and "</span>".
void add_code_line(Html& html, uint64_t number, const Html& line);

/// Calls `take` with each line's markup until it says no.
void each_highlighted_line(std::string_view file_name, std::string_view content, const std::function<bool(Html)>& take);
void each_highlighted_line(text::Highlighter highlighter, std::string_view content,
                           const std::function<bool(Html)>& take);

/// The class of an element in which tabs are that wide, with a blank in front; none where they are as usual.
std::string tab_class(int width);

} // namespace quire::web
