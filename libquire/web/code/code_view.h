// Shows a text as code: highlighted, one line each, with numbers to link to. Limited for any text.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "text/highlight.h"
#include "web/html/html.h"

namespace quire::web {

constexpr int usual_tab_width = 8;

/// The address that a name in the code leads to.
using LinkOfName = std::function<Url(std::string_view name)>;

struct CodeView {
    uint64_t first = 1; ///< the number of the first line
    size_t max_lines = 10'000;
    size_t max_markup = 2u << 20; ///< the line that reaches this limit is the last one
    bool wraps = false;
    uint64_t page = 0; ///< lines per page, so that the script finds other pages; 0: there is one page
    int tab_width = usual_tab_width;
    std::vector<std::pair<uint64_t, uint64_t>> cut = {}; ///< the numbers of lines that were cut, and how many bytes
                                                         ///< were cut off
    LinkOfName link_of = {};                             ///< none: names are plain text
};

/// Appends the lines, each with the anchor "L<number>", and returns how many there were.
uint64_t add_code(Html& html, std::string_view file_name, std::string_view content, const CodeView& view = {});
/// Appends the lines with a highlighter that has read what comes before them.
uint64_t add_code(Html& html, const text::Highlighter& highlighter, std::string_view content,
                  const CodeView& view = {});

/// Pieces of a line: what they are, and how many bytes.
using Runs = std::vector<std::pair<text::Token, size_t>>;
Runs runs_of(const std::vector<text::Piece>& pieces);
/// Bytes `begin` to `end` of a line in their colours.
Html coloured(std::string_view line, const Runs& runs, size_t begin, size_t end);

/// A line's markup.
Html highlighted(const std::vector<text::Piece>& pieces, const LinkOfName& link_of = {});

/// Appends a line with its number and anchor. The caller ends it with a newline and "</span>".
void add_code_line(Html& html, uint64_t number, const Html& line);

/// Calls `take` with the markup of each line until it returns false.
void each_highlighted_line(std::string_view file_name, std::string_view content, const std::function<bool(Html)>& take);
void each_highlighted_line(text::Highlighter highlighter, std::string_view content,
                           const std::function<bool(Html)>& take, const LinkOfName& link_of = {});

/// The class, with a blank in front, for an element with tabs of that width; empty for the usual width.
std::string tab_class(int width);

} // namespace quire::web
