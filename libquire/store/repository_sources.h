// quire/sources.fnl of a repository: what the pipeline of its default branch can be fired by, besides pushes.
//
//   {:sha "…" :looked-at "…Z" :cron [{:name "weekly" :schedule "0 3 * * 1"}]
//    :manual [{:name "deploy" :parameters {:to {:default "staging" :description "…"} :version {}}}]}
//
// Written whenever the default branch moves, by replacing it. A parameter without :default has to be given. :error
// stands in place of sources where the pipeline is broken. Format: quire-run(5).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "text/data.h"

namespace quire::store {

struct CronSource {
    std::string name;
    std::string schedule;
};

struct ManualParameter {
    std::optional<std::string> fallback; ///< nullopt: it has to be given
    std::string description;
};

struct ManualSource {
    std::string name;
    std::map<std::string, ManualParameter> parameters;
};

struct RepositorySources {
    std::string sha;       ///< the commit they are of; empty when the default branch has none
    std::string ref;       ///< the default branch's full name
    Instant looked_at = 0; ///< before the branch was read
    std::string error;     ///< why the pipeline registers nothing
    std::vector<CronSource> cron;
    std::vector<ManualSource> manual;

    const ManualSource* find_manual(std::string_view name) const;
};

text::Data to_data(const RepositorySources& sources);
/// `name` stands in messages.
Result<RepositorySources> sources_from_data(const text::Data& data, std::string_view name);

/// nullopt when nobody has looked yet. `repository` is its open directory.
Result<std::optional<RepositorySources>> read_sources(int repository);
Result<void> write_sources(int repository, const RepositorySources& sources);

} // namespace quire::store
