// Keeps quire/sources.fnl in step with the default branch: what cron and manual sources its pipeline registers.
//
// The commit's Fennel files are written into a directory of their own and `quire-ci sources` reads them there, in a
// process that can't reach anything else. All of it is bounded in size and time. A pipeline that is broken registers
// nothing, which is no failure: the file says why.
#pragma once

#include <string>

#include "store/repository_sources.h"
#include "store/root.h"

namespace quire::forge {

/// The default branch's full name, and the commit it leads to; empty when there is none.
struct DefaultBranch {
    std::string ref;
    std::string sha;
};
Result<DefaultBranch> default_branch(int repository);

/// Looks, and writes the file; also when nothing has changed, since it tells when it was looked. `programs` holds
/// quire-ci.
Result<store::RepositorySources> refresh_sources(const store::Root& root, const store::RepoName& name,
                                                 const std::string& programs);

} // namespace quire::forge
