// Finding files of a workspace by pattern.
//
// A pattern is a path relative to the workspace: "*", "?" and "[…]" within a component, "**" for any number of
// components. Of a directory that matches, all that is below it is found. The workspace is hostile and may change
// meanwhile: no symlink is followed while searching, and what is found must be opened with sys::open_beneath. ".git" is
// never searched.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::ci {

/// Whether the pattern's components match the path's. Both are split at "/".
bool matches_pattern(std::string_view pattern, std::string_view path);
/// Whether anything below the directory could match.
bool may_match_below(std::string_view pattern, std::string_view directory);

/// Why it is no pattern; `what` names what it is for, such as "artifact".
Result<void> check_pattern(const std::string& pattern, std::string_view what);

/// Calls `found` with each path that is no directory, in the order of bytes; stops at its first error.
/// REQUIRES: check_pattern.
Result<void> search_workspace(int workspace, const std::string& pattern,
                              const std::function<Result<void>(const std::string&)>& found);

} // namespace quire::ci
