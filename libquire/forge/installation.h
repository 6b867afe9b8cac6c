// Installation: where git and quire's own programs are on this machine, found anew by every process that asks.
//
// quire's own are found beside the running program (bin/../libexec/quire), so a moved or second installation
// never points at another one's hooks.
#pragma once

#include <string>

#include "base/result.h"
#include "git/git.h"
#include "store/git_stamp.h"

namespace quire::forge {

using store::HookMechanism;

struct Installation {
    std::string git;             ///< absolute, no symlinks
    std::string directory;       ///< absolute, holds quire, quire-hook …
    std::string hooks_directory; ///< absolute, holds links to quire-hook named after the hooks

    std::string quire_hook() const { return directory + "/quire-hook"; }
};

Result<Installation> find_installation();

std::string_view mechanism_name(HookMechanism mechanism);

} // namespace quire::forge
