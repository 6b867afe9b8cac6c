// The text of a repository's file, in stretches of lines. A large file is never read into memory: it comes through the
// pipe of a git process, which is stopped as soon as the stretch is complete.
#pragma once

#include "git/repository.h"
#include "web/code/stretch.h"
#include "web/site/visit.h"

namespace quire::web {

/// Reads from the given line. If the file is shorter, `total` says how many lines it has. A large file needs a place
/// among the costly requests: ErrorKind::busy if there is none, or if time is up. The file's name tells its language.
Result<Stretch> read_file_text(const Visit& visit, const git::Repository& repository, const git_oid& blob,
                               uint64_t size, uint64_t first, std::string_view name);

} // namespace quire::web
