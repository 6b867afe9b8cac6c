// What `quire list` and `quire info` show, gathered without starting git for each repository.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "forge/config.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::forge {

/// When the repository was last pushed to: the push log's last change, or, without a push log, that of its refs.
/// nullopt for one that has never had a ref.
std::optional<Instant> last_push(int repository);

struct Summary {
    store::RepoName name;
    store::RepositoryConfig config;
    std::optional<Instant> last_push;
    uint64_t bytes = 0;
};

/// All repositories, in the order of natural_less. One that vanishes meanwhile is left out.
Result<std::vector<Summary>> summarize_all(const store::Root& root);
Result<Summary> summarize(const store::Root& root, const store::RepoName& name);

/// {:name … :description … :private … :last-push …}; what `list --json` and `info --json` print.
text::Data to_data(const Summary& summary);

struct Details {
    Summary summary;
    std::string default_branch; ///< "" if HEAD names no branch
    bool is_empty = false;      ///< it has no ref at all
    uint64_t refs = 0;          ///< but for quire's own
    std::string path;
    std::string clone_url; ///< "" when the config knows no host
    std::string page_url;  ///< "" when it knows no address
};

Result<Details> describe_repository(const store::Root& root, const store::RepoName& name);
text::Data to_data(const Details& details);

} // namespace quire::forge
