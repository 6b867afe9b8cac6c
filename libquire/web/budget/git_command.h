// Runs a git command in a repository, for pages. Paths are literal, no lock is taken, nothing is inherited, and memory
// is limited, so that a strange repository ends a git and not the machine. It runs in the directory that was opened,
// even if its name belongs to another one by now.
//
// Arguments are full object ids, and words attached to an option ("-S" + words). A path comes after "--".
#pragma once

#include "sys/process.h"
#include "web/site/site.h"

namespace quire::web {

/// How much memory a git may use. For a clone, git must know every object that it sends.
enum class Memory : uint64_t { little = 512u << 20, much = uint64_t{2} << 30 };

sys::Command git_command(const Repository& where, const std::vector<std::string>& arguments,
                         Memory memory = Memory::little);
/// The command is ended when it, or a process that it starts, writes beyond this into a file.
void limit_file(sys::Command& git, uint64_t most);

} // namespace quire::web
