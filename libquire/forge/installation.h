// Installation: where git and quire's own programs are on this machine. Every process looks for them anew.
//
// quire's own programs are found relative to the running one (bin/../libexec/quire), so a moved or second installation
// never uses another one's hooks.
#pragma once

#include <string>

#include "base/result.h"
#include "git/git.h"
#include "store/git_stamp.h"

namespace quire::forge {

using store::HookMechanism;

struct Installation {
    std::string git;             ///< an absolute path without symlinks
    std::string directory;       ///< an absolute path; holds quire, quire-hook and the others
    std::string hooks_directory; ///< an absolute path; holds links to quire-hook with the hooks' names
    std::string alternate_refs;  ///< an absolute path; a link to quire-hook, too

    std::string quire_hook() const { return directory + "/quire-hook"; }
};

Result<Installation> find_installation();

std::string_view mechanism_name(HookMechanism mechanism);

} // namespace quire::forge
