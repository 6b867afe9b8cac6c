// git/stamp: a symlink whose text says how git is told of quire's hooks, and for which git that was decided.
//
//   "<mechanism> <path of git> <size> <time of change in ns> <inode>"
//
// It is written together with git/config; who only wants to know whether git is still the same program pays a
// readlink and a stat.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::store {

/// How git is told of quire's hooks. Never both: git would run them twice.
enum class HookMechanism {
    config, ///< hook.<name>.command, git 2.54 and newer
    path,   ///< core.hooksPath
};

/// The text of the stamp. `git` is the program's path without symlinks.
Result<std::string> git_stamp(HookMechanism mechanism, const std::string& git);

/// The mechanism that the root's stamp names; nullopt when there is none, or it was made for another git.
Result<std::optional<HookMechanism>> hook_mechanism(const Root& root, const std::string& git);

} // namespace quire::store
