// Where the index of entries is (history/entry_index.h): beside a repository's runs. It may be deleted at any time.
#pragma once

namespace quire::store::paths {

constexpr const char* entry_index = "entries";

} // namespace quire::store::paths
