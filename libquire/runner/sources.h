// Sources: notices when a default branch moves, has its sources registered anew, and fires cron sources.
//
//   Sources sources(root, [&](const RepoName& name) { return store::add_task(…); });
//   sources.scan(now());                 // on every wake
//   … wait until sources.next_due() at most …
//
// A scan only looks at the dates of files and runs nothing: a task (`quire refresh-sources`) reads the pipeline, and
// whoever works on that task reports its begin and end. A cron source fires when it is due by its schedule and by its
// last tick on disk (store/cron_tick.h). It fires once, however many ticks were missed. A new source, or one with a new
// schedule, counts from the time it is first seen. Frozen and moving repositories are skipped. A crash at any point
// neither loses a tick nor runs it twice.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "ci/language/schedule.h"
#include "store/cron_tick.h"
#include "store/repository_sources.h"
#include "store/root.h"

namespace quire::runner {

class Sources {
public:
    /// Asks for a repository's quire/sources.fnl to be updated. Called in each scan until that has
    /// succeeded.
    using Ask = std::function<Result<void>(const store::RepoName&)>;

    /// The root must outlive it.
    Sources(const store::Root& root, Ask ask) : m_root(root), m_ask(std::move(ask)) {}

    /// Logs failures and goes on.
    void scan(Instant now);
    /// The time at which scan() next has something to do; 0: only after something happened.
    Instant next_due() const;
    /// Says that an update of the file has begun, by a process that reads the branch as it is now.
    void refresh_begins(const store::RepoName& name);
    void refresh_ended(const store::RepoName& name, bool succeeded);

private:
    struct Cron {
        store::CronSource source;
        ci::Schedule schedule;
        store::CronTick tick;
        Instant due = 0; ///< 0: never
    };
    struct Repository {
        std::string seen;   ///< the dates of the default branch's files at the last look
        std::string asked;  ///< the dates for which an update was asked; empty: none
        std::string begun;  ///< the dates that the update in progress is sure to have seen
        std::string loaded; ///< the date of sources.fnl
        store::RepositorySources sources;
        std::vector<Cron> cron;
        Instant wait_until = 0; ///< nothing is done before this time
        bool is_refreshing = false;
    };

    void look(const store::RepoName& name, Repository& repository, Instant now);
    Result<void> look_into(const store::RepoName& name, Repository& repository, Instant now);
    Result<void> load(int directory, const store::RepoName& name, Repository& repository, Instant now);
    Result<Cron> load_cron(int directory, const store::CronSource& source, Instant now);
    Result<void> fire(int directory, const store::RepoName& name, const Repository& repository, Cron& cron,
                      Instant now);
    Result<void> make_run(const store::RepoName& name, const Repository& repository, const Cron& cron);

    const store::Root& m_root;
    Ask m_ask;
    std::map<store::RepoName, Repository> m_repositories;
};

} // namespace quire::runner
