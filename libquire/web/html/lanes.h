// Lanes: the lines that join the commits of one page to their parents, laid out for that page alone, so that they cost
// what is shown. A line keeps its lane from a commit to its parent; a parent that is on no row leaves at the bottom.
#pragma once

#include <vector>

#include "git/commit_info.h"
#include "web/html/html.h"

namespace quire::web {

struct LaneRow {
    size_t own = 0;              ///< the lane of the commit
    std::vector<size_t> from;    ///< lanes that end at it, from above
    std::vector<size_t> to;      ///< lanes that begin at it, or go on, towards parents
    std::vector<size_t> passing; ///< lanes of others
    size_t width = 1;            ///< lanes of the page, the same in all rows
};

/// Further lanes than a page has room for are left out.
constexpr size_t max_lanes = 16;

std::vector<LaneRow> lay_out_lanes(const std::vector<git::CommitInfo>& commits);
Html render_lanes(const LaneRow& row);

} // namespace quire::web
