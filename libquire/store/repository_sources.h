// quire/sources.fnl of a repository: the sources besides pushes that the default branch's pipeline registers.
//
//   {:sha "…" :looked-at "…Z" :cron [{:name "weekly" :schedule "0 3 * * 1"}]
//    :manual [{:name "deploy" :parameters {:to {:default "staging" :description "…"} :version {}}}]}
//
// It is replaced whenever the default branch moves. A parameter without :default must be given. If the pipeline is
// broken, :error takes the place of the sources. quire-run(5) describes the format.
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
    std::optional<std::string> fallback; ///< nullopt: the parameter must be given
    std::string description;
};

struct ManualSource {
    std::string name;
    std::map<std::string, ManualParameter> parameters;
};

struct RepositorySources {
    std::string sha;       ///< the commit they were read from; empty when the default branch has none
    std::string ref;       ///< the default branch's full name
    Instant looked_at = 0; ///< a time before the branch was read
    std::string error;     ///< why the pipeline registers no sources
    std::vector<CronSource> cron;
    std::vector<ManualSource> manual;

    const ManualSource* find_manual(std::string_view name) const;
};

text::Data to_data(const RepositorySources& sources);
/// `name` appears in messages.
Result<RepositorySources> sources_from_data(const text::Data& data, std::string_view name);

/// nullopt if the sources were never read. `repository` is its open directory.
Result<std::optional<RepositorySources>> read_sources(int repository);
Result<void> write_sources(int repository, const RepositorySources& sources);

} // namespace quire::store
