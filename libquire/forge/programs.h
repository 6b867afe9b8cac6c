// Programs: where git and quire's own programs are on this machine, found anew by every process that asks.
//
// quire's own are found beside the running program (bin/../libexec/quire), so a moved or second installation
// never points at another one's hooks.
#pragma once

#include <string>

#include "base/result.h"
#include "git/git.h"

namespace quire::forge {

/// How git is told of quire's hooks. Never both: git would run them twice.
enum class HookMechanism {
    config, ///< hook.<name>.command, git 2.54 and newer
    path,   ///< core.hooksPath
};
std::string_view mechanism_name(HookMechanism mechanism);

struct Programs {
    std::string git;             ///< absolute, no symlinks
    std::string directory;       ///< absolute, holds quire, quire-hook …
    std::string hooks_directory; ///< absolute, holds links to quire-hook named after the hooks

    std::string quire_hook() const { return directory + "/quire-hook"; }
};

Result<Programs> find_programs();

/// What `$ROOT/git/stamp` must say for this git: "<mechanism> <path> <size> <mtime in ns> <inode>".
/// quire-exec compares all but the first word; a change of any means that git was replaced.
Result<std::string> git_stamp(HookMechanism mechanism, const std::string& git);
/// The mechanism that a stamp names, if it is one for this git as it is now.
Result<std::optional<HookMechanism>> mechanism_of_stamp(const std::string& stamp, const std::string& git);

} // namespace quire::forge
