// Gathers what `quire list` and `quire info` show, without starting git for each repository.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "forge/config.h"
#include "store/mirror.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::forge {

/// When the repository was last pushed to: the push log's time of change, or that of its refs if there is no log.
/// nullopt if it never had a ref.
std::optional<Instant> last_push(int repository);

struct Summary {
    store::RepoName name;
    store::RepositoryConfig config;
    std::optional<Instant> last_push;
    uint64_t bytes = 0;
};

/// All repositories in the order of natural_less. One that disappears meanwhile is left out.
Result<std::vector<Summary>> summarize_all(const store::Root& root);
Result<Summary> summarize(const store::Root& root, const store::RepoName& name);

/// {:name … :description … :private … :last-push …}, which `list --json` and `info --json` print.
text::Data to_data(const Summary& summary);

struct Details {
    Summary summary;
    std::string default_branch; ///< "" if HEAD names no branch
    bool is_empty = false;      ///< it has no refs at all
    uint64_t refs = 0;          ///< without quire's own
    std::string path;
    std::string clone_url; ///< "" when the config knows no host
    std::string page_url;  ///< "" when it knows no address
    std::vector<store::Mirror> mirrors;
};

Result<Details> describe_repository(const store::Root& root, const store::RepoName& name);
text::Data to_data(const Details& details);

} // namespace quire::forge
