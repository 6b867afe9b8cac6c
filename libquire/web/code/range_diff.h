// What became of each commit of a series when it was rewritten, as git range-diff finds it: its output, read strictly
// and made markup.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/html/html.h"

namespace quire::web {

/// A commit of the old series, one of the new one, or both as a pair.
struct RangePair {
    enum class Fate { same, changed, dropped, added };
    Fate fate = Fate::same;
    std::string old_id, new_id; ///< "": on that side there is none
    std::string subject;
    std::vector<std::string_view> lines; ///< of the diff of the two diffs; they point into what was parsed
};

/// Of `git -c core.abbrev=40 range-diff --no-color`. Lines that are not understood are left out.
std::vector<RangePair> parse_range_diff(std::string_view output);

Html render_range_diff(const store::RepoName& name, const std::vector<RangePair>& pairs);

} // namespace quire::web
