// The sections of a diff, one a file: its name, then its hunks or why they are not here. A second thread draws some.
#pragma once

#include "web/code/diff_view.h"
#include "web/code/moved_marks.h"

namespace quire::web {

struct Fold {
    const char* why = "";      ///< empty: it is open
    bool is_elsewhere = false; ///< its lines are not in this page, which has a link to them
};

/// How each file is shown, so that a page of any number of files stays a page.
std::vector<Fold> folds_of(const git::Diff& diff, const DiffChoice& choice);

/// Of what was not compared line by line there is nothing to count.
Html counts(const git::FileDiff& file);

Html draw_sections(const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice,
                   const std::vector<Fold>& folds, const MovedMarks& moved);

} // namespace quire::web
