// Firing a manual source: from what a person asked for to a queued run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/repository_sources.h"
#include "store/run_record.h"

namespace quire::forge {

/// Makes the run, of the default branch as it is now. `pusher` is who asks, `programs` holds quire-ci.
Result<store::RunRecord> fire_manual(const store::Root& root, const store::RepoName& name, const std::string& source,
                                     const std::map<std::string, std::string>& given, const std::string& pusher,
                                     const std::string& programs);

/// What can be fired, once the default branch has been looked at anew; an error when its pipeline is broken.
Result<store::RepositorySources> current_sources(const store::Root& root, const store::RepoName& name,
                                                 const std::string& programs);

} // namespace quire::forge
