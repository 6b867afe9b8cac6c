// The .quire directory of a checkout, read whole: the only files that a pipeline's code can see.
#pragma once

#include "base/result.h"
#include "lua/fennel.h"

namespace quire::ci {

constexpr const char* pipeline_file = ".quire/ci.fnl";

struct SourceTree {
    lua::SourceFiles files; ///< ".quire/…" to content; Fennel files only
    bool has_dockerfile = false;

    /// Line `line` (1-based) of a file, without its newline; empty when there is none.
    std::string_view line(const std::string& file, uint32_t line) const;
};

/// Reads .quire below an open directory. Bounded: 500 files of 1 MiB, 8 MiB together, 8 levels. Symlinks are not
/// followed. not_found when there is no ci.fnl.
Result<SourceTree> read_source_tree(int checkout, const std::string& shown_path);

} // namespace quire::ci
