// The .quire directory of a checkout, read into memory: the only files that a pipeline's code can see.
#pragma once

#include "base/result.h"
#include "lua/fennel.h"

namespace quire::ci {

constexpr const char* pipeline_file = ".quire/ci.fnl";

struct SourceTree {
    lua::SourceFiles files; ///< from ".quire/…" to content; Fennel files only
    bool has_dockerfile = false;

    /// A line of a file, counted from 1, without its newline; empty if there is no such line.
    std::string_view line(const std::string& file, uint32_t line) const;
};

/// Reads .quire in an open directory, without following symlinks. Limits: 500 files of 1 MiB each, 8 MiB in all, 8
/// levels. ErrorKind::not_found: there is no ci.fnl.
Result<SourceTree> read_source_tree(int checkout, const std::string& shown_path);

} // namespace quire::ci
