// Sources: notices that a default branch has moved and has its sources registered anew, and fires cron.
//
//   Sources sources(root, [&](const RepoName& name) { return store::add_task(…); });
//   sources.scan(now());                 // on every wake
//   … wait until sources.next_due() at most …
//
// A scan looks at some dates of files and runs nothing: the pipeline is read by a task (`quire refresh-sources`), and
// whoever works on it says when it began and how it ended. A cron source fires when it is due by its schedule and by
// the tick it has on disk (store/cron_tick.h). However many ticks were missed, it fires once; a new source, and one
// with a new schedule, counts from the time that it is seen. Frozen repositories and ones on the move wait. A crash at
// any point neither loses a tick nor runs it twice.
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
    /// Asks for a repository's quire/sources.fnl to be brought up to date. It is asked again in each scan until that
    /// has succeeded.
    using Ask = std::function<Result<void>(const store::RepoName&)>;

    /// The root outlives it.
    Sources(const store::Root& root, Ask ask) : m_root(root), m_ask(std::move(ask)) {}

    /// Logs what fails and goes on.
    void scan(Instant now);
    /// When scan() has something to do by the clock; 0: not before something happens.
    Instant next_due() const;
    /// The file is being brought up to date from now on, by a process that reads what the branch is now.
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
        std::string seen;   ///< the dates of the default branch's files, when it was last looked into
        std::string asked;  ///< the dates that a refresh is wanted for; empty: none is
        std::string begun;  ///< those that the refresh which is under way will have seen
        std::string loaded; ///< that of sources.fnl
        store::RepositorySources sources;
        std::vector<Cron> cron;
        Instant wait_until = 0; ///< nothing is done before
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
