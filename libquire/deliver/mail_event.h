// An event that somebody is told about: a notice (store/notice.h) that has been judged.
//
// The end of a run becomes ci-failed, ci-fixed or ci-succeeded here, depending on the runs before it; notices of
// mirrors and backups stay what they are. To add an event: its word in store/config_keys.cc, its line in mail_text.cc.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/config.h"
#include "store/notice.h"
#include "store/run_record.h"
#include "text/data.h"

namespace quire::deliver {

struct Event {
    std::string kind; ///< "ci-failed", "mirror-fixed" …
    std::optional<store::RepoName> repo;
    uint64_t run = 0;         ///< for ci-*
    std::string subject = {}; ///< the mirror, or the backup's target
    Instant at = 0, since = 0;
    std::string reason = {};

    bool is_of_run() const { return run != 0; }
    /// The kind and the repository; events of one group share a limit.
    std::string group() const;
    /// Identifies the event.
    std::string id() const;
    friend bool operator==(const Event&, const Event&) = default;
};

text::Data to_data(const Event& event);
std::optional<Event> event_from_data(const text::Data& data);

/// nullopt: nobody is told about this, or its subject is gone.
Result<std::optional<Event>> judge(const store::Root& root, const store::Notice& notice);

/// Reads a repository's settings as they apply; see forge::read_config.
using ReadRepositoryConfig = std::function<store::RepositoryConfig(const store::RepoName&)>;

/// The addresses that want to know, each once.
std::vector<std::string> addressees(const store::GlobalConfig& config, const store::RepositoryConfig* repository,
                                    const std::string& kind);

} // namespace quire::deliver
