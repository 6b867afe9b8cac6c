// Site: what every page knows: the data root, the operator's settings, and which repositories a reader may see.
//
// This is the one place that decides visibility (docs/architecture.md). A handler gets a Repository only from here,
// after the decision; a private repository and a missing one are the same nullopt. Settings are re-read when their file
// changes and fail closed: a repository whose config can't be read is private. Safe to use from several threads.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "git/repository_pool.h"
#include "history/kept_blames.h"
#include "history/known_versions.h"
#include "http/identity.h"
#include "http/request.h"
#include "store/config.h"
#include "store/root.h"
#include "web/keep/afterwards.h"
#include "web/keep/caches.h"
#include "web/keep/last_runs.h"
#include "web/keep/list_watch.h"
#include "web/keep/page_cache.h"
#include "web/site/config_watch.h"
#include "web/site/ledger.h"
#include "web/site/run_watch.h"

namespace quire::web {

/// A repository that this reader may see.
struct Repository {
    store::RepoName name;
    store::RepositoryConfig config;
    UniqueFd directory;
    bool shows_runs = false; ///< this reader may see its runs, logs and artifacts
};

/// One line of the repository list.
struct Listed {
    store::RepoName name;
    std::string description;
    bool is_private = false;
    bool shows_runs = false;
    std::optional<LastRuns::Last> last_run; ///< where the reader may see it
    Instant pushed_at = 0;                  ///< 0: never
    std::string fault;                      ///< for the operator only
};

class Site {
public:
    /// `login`: how an owner without a proxy logs in.
    /// `kinds`: of pages, as the ledger counts them.
    explicit Site(store::Root root, http::Login login = {}, std::vector<std::string> kinds = {});
    ~Site();

    const store::Root& root() const { return m_root; }
    const http::Login& login() const { return m_login; }
    /// Who this is; nobody while the global config can't be read. Never waits.
    http::Identity identify(const http::Arrival& arrival, const http::Claims& claims) const;
    store::GlobalConfig config() const;
    /// Another one when the global config is another one.
    std::string config_state() const;
    PageCache& page_cache() { return m_page_cache; }
    Caches& caches() { return m_caches; }
    history::KeptBlames& kept_blames() { return m_kept_blames; }
    history::KnownVersions& known_versions() { return m_known_versions; }
    RunWatch& run_watch() { return m_run_watch; }
    ListWatch& list_watch() { return m_list_watch; }
    Ledger& ledger() { return m_ledger; }

    /// A repository's configuration may be code that computes for seconds: an event thread has to do with what is
    /// known.
    enum class Reading { as_needed, known_only };
    /// Nothing where there is none that this reader may see, or, with known_only, where that can't be told without
    /// reading. An error of kind busy: no descriptors are left to look.
    Result<std::optional<Repository>> find(const store::RepoName& name, const http::Request& request,
                                           Reading reading = Reading::as_needed);
    /// Its runs, which lie beside it under its name: those of the directory that the decision was taken for, or
    /// not_found where it has none or has another name by now.
    Result<UniqueFd> open_runs(const Repository& repository) const;
    /// Its objects and refs.
    Result<git::RepositoryPool::Lease> open(const Repository& repository);
    /// Does the work with the repository after the page that is being made; see Afterwards.
    void later(const Repository& repository, std::string key, std::function<void(const git::Repository&)> work);
    /// All that this reader may see, by name.
    Result<std::vector<Listed>> list(const http::Request& request);

private:
    struct KnownRepository {
        sys::Stamp directory, file;
        store::RepositoryConfig config;
    };

    /// Whether the reader may see the repository that this is the directory of.
    Result<std::optional<Repository>> decide(const store::RepoName& name, UniqueFd directory,
                                             const http::Request& request, Reading reading);
    Result<void> take_as_long_as_deciding();
    Result<std::optional<store::RepositoryConfig>> config_of(const store::RepoName& name, int directory,
                                                             Reading reading);

    store::Root m_root;
    http::Login m_login;
    ConfigWatch m_config_watch;
    git::RepositoryPool m_pool;
    PageCache m_page_cache;
    Caches m_caches;
    history::KeptBlames m_kept_blames;
    history::KnownVersions m_known_versions;
    RunWatch m_run_watch;
    LastRuns m_last_runs;
    ListWatch m_list_watch;
    Ledger m_ledger;
    std::mutex m_mutex;
    std::map<store::RepoName, KnownRepository> m_repositories;
    Afterwards m_afterwards; ///< the last: its work uses the others
};

} // namespace quire::web
