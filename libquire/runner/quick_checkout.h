// What git does for a run before it starts, done here where that is little: the files of a small commit, and the paths
// that changed. Starting git twice costs more than all else that prepares a trivial run.
//
// Both say no, and git is started as if they had not been asked, when there is much to do and when anything is not
// plain: attributes, submodules, odd names or modes, settings that change what git writes, objects that are broken or
// do not come at once.
#pragma once

#include <optional>

#include "runner/known_objects.h"
#include "store/run_record.h"

namespace quire::runner {

/// Fills the workspace in the open run directory, and writes its index. After an error some of the files may be there.
/// REQUIRES: prepare_workspace() made the workspace, and nothing else is in it.
Result<void> quick_checkout(KnownObjects& objects, int repository, int run, const std::string& sha);

/// The message of a commit and the paths that it changed, in the form that ci::parse_changes reads. `input` is what
/// ci::changes_input made.
Result<std::string> quick_changes(KnownObjects& objects, int repository, std::string_view input);

} // namespace quire::runner
