// CompileCache keeps what Fennel compiled, one file per version of a .quire tree.
//
// The key is the content of every Fennel file of the tree (macros change what other files compile to), the compiler's
// version and ours. Losing an entry costs some milliseconds, so nothing is synced and a broken one counts as missing.
// Entries that belong to somebody else are not read.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ci/language/source_tree.h"
#include "lua/fennel.h"

namespace quire::ci {

class CompileCache {
public:
    /// `directory` is made when something is stored; empty: nothing is ever found or stored.
    CompileCache(std::string directory, const SourceTree& tree, const std::vector<std::string>& globals);

    /// Empty when there is no entry.
    std::vector<lua::Chunk> read() const;
    /// Failures are ignored: the next run compiles again.
    void write(const std::deque<lua::Chunk>& chunks) const;

private:
    std::string m_directory;
    std::string m_name;
};

/// ${XDG_CACHE_HOME:-~/.cache}/quire; empty when neither is known.
std::string default_cache_directory();

} // namespace quire::ci
