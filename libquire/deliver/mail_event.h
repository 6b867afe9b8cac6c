// What somebody is told of: a notice (store/notice.h) that has been judged.
//
// A run's end becomes ci-failed, ci-fixed or ci-succeeded here, by the runs before it; what a mirror or a backup says
// of itself stays what it is. To make a new event: its word in store/config_keys.cc, its line in mail_text.cc.
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
    uint64_t run = 0;         ///< of ci-*
    std::string subject = {}; ///< the mirror, the backup's target
    Instant at = 0, since = 0;
    std::string reason = {};

    bool is_of_run() const { return run != 0; }
    /// What shares a limit: the kind and the repository.
    std::string group() const;
    /// Tells it from every other one.
    std::string id() const;
    friend bool operator==(const Event&, const Event&) = default;
};

text::Data to_data(const Event& event);
std::optional<Event> event_from_data(const text::Data& data);

/// nullopt: nobody is told of such a thing, or what it was about is gone.
Result<std::optional<Event>> judge(const store::Root& root, const store::Notice& notice);

/// A repository's settings as they have to be taken; see forge::read_config.
using ReadRepositoryConfig = std::function<store::RepositoryConfig(const store::RepoName&)>;

/// The addresses that want to know, each once.
std::vector<std::string> addressees(const store::GlobalConfig& config, const store::RepositoryConfig* repository,
                                    const std::string& kind);

} // namespace quire::deliver
