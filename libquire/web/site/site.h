// Site: what all pages share: the data root, the operator's settings, and which repositories a reader may see.
//
// This is the only place that decides visibility (docs/architecture.md). A page gets a Repository only from here, after
// the decision; for a private and a missing repository alike it gets nullopt. Settings are read again when their file
// changes. If a repository's config can't be read, the repository is private. Several threads may use this.
#pragma once

#include <memory>
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
#include "web/keep/commit_runs.h"
#include "web/keep/kept_packs.h"
#include "web/keep/last_runs.h"
#include "web/keep/list_watch.h"
#include "web/keep/page_cache.h"
#include "web/keep/states.h"
#include "web/site/ledger.h"
#include "web/site/run_watch.h"

namespace quire::search {
class IndexCache;
}

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
    std::shared_ptr<const LastRuns::Last> last_run; ///< null: there is none, or the reader may not see it
    Instant pushed_at = 0;                          ///< 0: never
    std::string fault;                              ///< shown to the operator only
};

class Site {
public:
    /// `login`: how an owner without a proxy logs in.
    /// `kinds` are the kinds of page that the ledger counts.
    explicit Site(store::Root root, http::Login login = {}, std::vector<std::string> kinds = {});
    ~Site();

    const store::Root& root() const { return m_root; }
    const http::Login& login() const { return m_login; }
    /// Who the reader is; nobody while the global config can't be read. Never waits.
    http::Identity identify(const http::Arrival& arrival, const http::Claims& claims) const;
    store::GlobalConfig config() const;
    States& states() { return m_states; }
    PageCache& page_cache() { return m_page_cache; }
    Caches& caches() { return m_caches; }
    history::KeptBlames& kept_blames() { return m_kept_blames; }
    KeptPacks& kept_packs() { return m_kept_packs; }
    history::KnownVersions& known_versions() { return m_known_versions; }
    search::IndexCache& search_indexes() { return *m_search_indexes; }
    RunWatch& run_watch() { return m_run_watch; }
    Ledger& ledger() { return m_ledger; }
    /// What pages for anonymous readers, and what is done afterwards, make way for.
    const std::shared_ptr<Way>& way() const { return m_way; }

    /// A repository's configuration may be code that computes for seconds, so an event thread uses only what is known
    /// already.
    enum class Reading { as_needed, known_only };
    /// nullopt if there is no such repository that this reader may see or, with known_only, if that is not known yet.
    /// ErrorKind::busy: there are no descriptors left.
    Result<std::optional<Repository>> find(const store::RepoName& name, const http::Request& request,
                                           Reading reading = Reading::as_needed);
    /// Its directory of runs, which is found by its name, but only if the name still belongs to the same directory.
    /// ErrorKind::not_found if it does not, or if there are no runs.
    Result<UniqueFd> open_runs(const Repository& repository) const;
    /// What is known about the runs of its commits. Null: this reader may not see them, they can't be read now, or,
    /// with known_only, something new has to be read.
    std::shared_ptr<const KnownRuns> known_runs(const Repository& repository, CommitRuns::Reading reading);
    /// Opens its objects and refs.
    Result<git::RepositoryPool::Lease> open(const Repository& repository);
    /// Does the work after the present page has been sent; see Afterwards.
    void later(const Repository& repository, std::string key, std::function<void(const git::Repository&)> work);
    /// All repositories that this reader may see, in the natural order of their names.
    Result<std::vector<Listed>> list(const http::Request& request);

private:
    /// What the list says of a repository, whoever reads it.
    struct Known {
        store::RepoName name;
        store::RepositoryConfig config;
        Instant pushed_at = 0;
        sys::Stamp directory; ///< which one it was found in
    };
    using KnownList = std::vector<Known>;
    /// Looked up, or found anew.
    Result<std::shared_ptr<const KnownList>> know_all();
    Result<KnownList> look_at_all();
    std::shared_ptr<const LastRuns::Last> last_run_of(const Known& known);
    /// Whether the reader may see the repository in this directory.
    Result<std::optional<Repository>> decide(const store::RepoName& name, UniqueFd directory,
                                             const http::Request& request, Reading reading);
    Result<void> take_as_long_as_deciding();
    Result<std::optional<store::RepositoryConfig>> config_of(const store::RepoName& name, int directory,
                                                             Reading reading);

    store::Root m_root;
    http::Login m_login;
    ConfigWatch m_config_watch;
    States m_states;
    git::RepositoryPool m_pool;
    PageCache m_page_cache;
    Caches m_caches;
    history::KeptBlames m_kept_blames;
    KeptPacks m_kept_packs;
    history::KnownVersions m_known_versions;
    std::unique_ptr<search::IndexCache> m_search_indexes;
    RunWatch m_run_watch;
    LastRuns m_last_runs;
    CommitRuns m_commit_runs;
    Ledger m_ledger;
    static constexpr size_t most_bytes_of_configs = 8u << 20;
    Cached<store::RepositoryConfig> m_configs{most_bytes_of_configs}; ///< by repository
    static constexpr size_t most_bytes_of_list = 16u << 20;
    Cached<KnownList> m_known_list{most_bytes_of_list}; ///< made from a state of m_list_watch
    ListWatch m_list_watch;                             ///< stands here, because its thread uses those above
    std::shared_ptr<Way> m_way = std::make_shared<Way>();
    Afterwards m_afterwards{m_way}; ///< stands last, because its work uses the others
};

} // namespace quire::web
