// The text of a repository's file, a stretch of its lines at a time. A large file never comes into memory: it is read
// from the pipe of a git process, which is stopped as soon as the stretch is there.
#pragma once

#include "git/repository.h"
#include "web/code/stretch.h"
#include "web/site/visit.h"

namespace quire::web {

/// From the line on; where the file is shorter, `total` says how many it has. A large file takes a place among the
/// costly requests: an error of kind busy without one, or when time is up. The file's name tells its language.
Result<Stretch> read_file_text(const Visit& visit, const git::Repository& repository, const git_oid& blob,
                               uint64_t size, uint64_t first, std::string_view name);

} // namespace quire::web
