// Sources: notices that a default branch has moved and has its sources registered anew, and fires cron.
//
//   Sources sources(root, [&](const RepoName& name) { return sys::spawn(…); });
//   sources.scan(now());                 // on every wake
//   … wait until sources.next_due() at most …
//
// A scan looks at some dates of files and runs nothing: the pipeline is read by a child, one at a time (`quire
// refresh-sources`). A cron source fires when it is due by its schedule and by the tick it has on disk
// (store/cron_tick.h). However many ticks were missed, it fires once; a new source, and one with a new schedule, counts
// from the time that it is seen. Frozen repositories and ones on the move wait. A crash at any point neither loses a
// tick nor runs it twice.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "ci/language/schedule.h"
#include "store/cron_tick.h"
#include "store/repository_sources.h"
#include "store/root.h"
#include "sys/process.h"

namespace quire::runner {

class Sources {
public:
    /// Starts what brings a repository's quire/sources.fnl up to date.
    using Refresh = std::function<Result<sys::Process>(const store::RepoName&)>;

    /// The root outlives it.
    Sources(const store::Root& root, Refresh refresh) : m_root(root), m_refresh(std::move(refresh)) {}

    /// Logs what fails and goes on. A child is started only when it may take a core.
    void scan(Instant now, bool may_start = true);
    /// When scan() has something to do by the clock; 0: not before something happens.
    Instant next_due() const;
    /// A child runs, or is to.
    bool is_busy() const { return m_child || !m_wanted.empty(); }
    /// Readable when the child has ended; -1 when there is none.
    int child_fd() const { return m_child ? m_child->pidfd() : -1; }

private:
    struct Cron {
        store::CronSource source;
        ci::Schedule schedule;
        store::CronTick tick;
        Instant due = 0; ///< 0: never
    };
    struct Repository {
        std::string seen;   ///< the dates of the default branch's files, when it was last looked into
        std::string loaded; ///< that of sources.fnl
        store::RepositorySources sources;
        std::vector<Cron> cron;
        Instant wait_until = 0; ///< nothing is done before
    };

    void look(const store::RepoName& name, Repository& repository, Instant now);
    Result<void> look_into(const store::RepoName& name, Repository& repository, Instant now);
    Result<void> load(int directory, const store::RepoName& name, Repository& repository, Instant now);
    Result<Cron> load_cron(int directory, const store::CronSource& source, Instant now);
    Result<void> fire(int directory, const store::RepoName& name, const Repository& repository, Cron& cron,
                      Instant now);
    Result<void> make_run(const store::RepoName& name, const Repository& repository, const Cron& cron);
    void tend_child(Instant now, bool may_start);

    const store::Root& m_root;
    Refresh m_refresh;
    std::map<store::RepoName, Repository> m_repositories;
    std::map<store::RepoName, std::string> m_wanted; ///< to be refreshed, for these dates
    std::optional<sys::Process> m_child;
    std::optional<store::RepoName> m_child_of;
};

} // namespace quire::runner
