// The lines of a file that a search found, with those around them, as they are shown: cut if they are long, and in the
// colours that they have in the file, as far as these can be told from what stands shortly before them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/query.h"
#include "web/code/code_view.h"

namespace quire::web {

/// A line to show.
struct ShownLine {
    uint32_t number = 0;
    std::string text;
    std::vector<std::pair<uint32_t, uint32_t>> marks; ///< as offsets in the text
    bool is_context = false;                          ///< only a neighbour of one that matches
    Runs colours = {};
};

/// How many lines around each.
struct Around {
    size_t before = 1, after = 1;
};

/// `found` is ordered by number.
std::vector<ShownLine> shown_lines(std::string_view path, std::string_view text, const std::vector<search::Line>& found,
                                   Around around);

/// A line whose file is not at hand.
ShownLine shown_line(std::string_view path, std::string_view line, const search::Line& found);

/// For each line, how many bytes of blanks it has in common with those that it stands between: lines whose numbers
/// follow each other. None of them is in a mark.
std::vector<size_t> common_indents(const std::vector<ShownLine>& lines);

/// Its markup; the indent is a part by itself, which a narrow window leaves out.
Html markup_of(const ShownLine& line, size_t indent);

} // namespace quire::web
