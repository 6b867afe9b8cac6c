// Keeps quire/sources.fnl up to date with the cron and manual sources that the default branch's pipeline registers.
//
// The commit's Fennel files are written into a directory of their own, where `quire-ci sources` reads them in a process
// that can reach nothing else. Size and time are limited. A broken pipeline registers nothing; that is not a failure,
// and the file says why.
#pragma once

#include <string>

#include "store/repository_sources.h"
#include "store/root.h"

namespace quire::forge {

/// The default branch's full name and its commit; empty when there is none.
struct DefaultBranch {
    std::string ref;
    std::string sha;
};
Result<DefaultBranch> default_branch(int repository);

/// Reads the sources and writes the file, even if nothing changed, because it also says when it was read. `programs`
/// holds quire-ci.
Result<store::RepositorySources> refresh_sources(const store::Root& root, const store::RepoName& name,
                                                 const std::string& programs);

} // namespace quire::forge
