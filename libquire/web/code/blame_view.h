// A blame as markup. Neighbouring lines of one commit form a group, with its author, age and subject, and with a link
// to what was there before.
#pragma once

#include "history/blame.h"
#include "web/code/stretch.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// The page of a blame that has the line, with the line as its anchor. Lines count from 1.
Url blame_of_line(const store::RepoName& name, std::string_view ref, std::string_view path, uint64_t line);

struct BlameView {
    const Visit& visit;
    std::string_view file_name;
    const history::Blame& blame;
    const Stretch& stretch; ///< the lines of the page
    uint64_t line = 0;      ///< the reader's line: its group's "before" leads to it; 0: to each group's first line
};

Html render_blame(const BlameView& view);

/// "1,012 lines by 31 authors in 214 changes since 2010"; counts what is left of each change.
std::string blame_summary(const history::Blame& blame);
/// The file's earlier names, newest first, at most a few. Each links to the blame there.
Html former_names(const store::RepoName& name, const history::Blame& blame);

} // namespace quire::web
