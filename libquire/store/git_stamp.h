// git/stamp: a symlink whose text says how git finds quire's hooks, and for which git program that was decided.
//
//   "<mechanism> <path of git> <size> <time of change in ns> <inode>"
//
// It is written together with git/config. To check that git is still the same program costs only a readlink and a
// stat.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::store {

/// How git finds quire's hooks. Never both ways at once: git would run them twice.
enum class HookMechanism {
    config, ///< hook.<name>.command, since git 2.54
    path,   ///< core.hooksPath
};

/// The text of the stamp. `git` is the program's path without symlinks.
Result<std::string> git_stamp(HookMechanism mechanism, const std::string& git);

/// The mechanism in the root's stamp; nullopt if there is no stamp or it was made for another git.
Result<std::optional<HookMechanism>> hook_mechanism(const Root& root, const std::string& git);

} // namespace quire::store
