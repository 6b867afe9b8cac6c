// Where the index of paths is (history/path_index.h): beside a repository's runs. It may be deleted at any time.
#pragma once

namespace quire::store::paths {

constexpr const char* path_index = "paths";

} // namespace quire::store::paths
