// The lines of one file of a diff as rows of a table: words that changed are marked, what did not change can be opened.
#pragma once

#include "web/code/diff_colours.h"
#include "web/code/diff_view.h"
#include "web/code/moved_marks.h"

namespace quire::web {

struct DiffSection {
    const git::FileDiff& file;
    size_t index; ///< of the file
    const DiffChoice& choice;
    const Url& here; ///< the page without a query
    DiffColours& colours;
    int tab_width;
    const MovedMarks* moved = nullptr;
    const git::Diff* diff = nullptr; ///< set with `moved`: the names of the other files

    /// The page with the lines in front of hunk `gap` as well.
    Url opened(size_t gap) const;
};

void add_hunks(Html& html, const DiffSection& section);

} // namespace quire::web
