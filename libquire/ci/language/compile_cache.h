// CompileCache keeps compiled Fennel, one file for each version of a .quire tree.
//
// The key is made of all Fennel files of the tree (because macros affect how other files compile), the compiler's
// version and ours. Losing an entry costs a few milliseconds, so nothing is synced, and a broken entry counts as
// missing. Entries that belong to another user are not read.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ci/language/source_tree.h"
#include "lua/fennel.h"

namespace quire::ci {

class CompileCache {
public:
    /// `directory` is made when something is stored. If it is empty, nothing is ever found or stored.
    CompileCache(std::string directory, const SourceTree& tree, const std::vector<std::string>& globals);

    /// Empty if there is no entry.
    std::vector<lua::Chunk> read() const;
    /// Ignores failures: the next run compiles again.
    void write(const std::deque<lua::Chunk>& chunks) const;

private:
    std::string m_directory;
    std::string m_name;
};

/// ${XDG_CACHE_HOME:-~/.cache}/quire; empty if neither variable is set.
std::string default_cache_directory();

} // namespace quire::ci
