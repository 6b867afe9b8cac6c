// Fires a manual source: makes a queued run of what a person asked for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/repository_sources.h"
#include "store/run_record.h"

namespace quire::forge {

/// Makes a run of the default branch as it is now. `pusher` is the person who asks; `programs` holds quire-ci.
Result<store::RunRecord> fire_manual(const store::Root& root, const store::RepoName& name, const std::string& source,
                                     const std::map<std::string, std::string>& given, const std::string& pusher,
                                     const std::string& programs);

/// Looks at the default branch anew and returns the sources that can be fired. Fails if its pipeline is broken.
Result<store::RepositorySources> current_sources(const store::Root& root, const store::RepoName& name,
                                                 const std::string& programs);

} // namespace quire::forge
