// A git command in a repository, as every page runs one: paths are literal, no lock is taken, nothing is inherited,
// and its memory has a limit: somebody's odd repository ends a git, not the machine. It runs in the directory that was
// opened, so that the name may be another one's by now.
//
// Arguments are full object ids and what is attached to an option ("-S" + words); a path stands behind "--".
#pragma once

#include "sys/process.h"
#include "web/site/site.h"

namespace quire::web {

/// What a git may take. A clone's git knows every object that it sends.
enum class Memory : uint64_t { little = 512u << 20, much = uint64_t{2} << 30 };

sys::Command git_command(const Repository& where, const std::vector<std::string>& arguments,
                         Memory memory = Memory::little);

} // namespace quire::web
