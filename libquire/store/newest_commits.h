// Where the newest commits are (history/newest_commits.h): beside a repository's runs. It may be deleted at any time.
#pragma once

namespace quire::store::paths {

constexpr const char* newest_commits = "newest";

} // namespace quire::store::paths
