// Finds the files of a workspace that match a pattern.
//
// A pattern is a path relative to the workspace, with "*", "?" and "[…]" within a component and "**" for any number of
// components. If a directory matches, everything below it is found. The workspace is hostile and may change meanwhile:
// the search follows no symlinks, and callers must open what is found with sys::open_beneath. ".git" is never
// searched.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::ci {

/// Whether a pattern matches a path, component by component; both are split at "/".
bool matches_pattern(std::string_view pattern, std::string_view path);
/// Whether the pattern could match anything below the directory.
bool may_match_below(std::string_view pattern, std::string_view directory);

/// Fails if the text is not a valid pattern. `what` names its purpose, such as "artifact".
Result<void> check_pattern(const std::string& pattern, std::string_view what);

/// Calls `found` with each matching path that is not a directory, sorted by bytes; stops at its first error. REQUIRES:
/// the pattern has passed check_pattern.
Result<void> search_workspace(int workspace, const std::string& pattern,
                              const std::function<Result<void>(const std::string&)>& found);

} // namespace quire::ci
