#include "web/site/site.h"

#include <algorithm>

#include "base/log.h"
#include "base/natural_order.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/listing.h"
#include "search/index.h"
#include "store/repositories.h"
#include "sys/file.h"
#include "text/highlight.h"

namespace quire::web {

using store::RepoName;
using store::RepositoryConfig;
namespace paths = store::paths;

/// If nothing can be written, blames are cached only in memory, and packs not at all.
static UniqueFd open_cache(const store::Root& root, const char* path)
{
    auto directory = sys::make_directories_beneath(root.fd(), path, 0700);
    return directory ? std::move(*directory) : UniqueFd();
}

Site::Site(store::Root root, http::Login login, std::vector<std::string> kinds)
    : m_root(std::move(root)), m_login(std::move(login)), m_config_watch(m_root),
      m_states(m_config_watch, m_list_watch), m_page_cache(m_root),
      m_kept_blames(open_cache(m_root, paths::kept_blames)), m_kept_packs(open_cache(m_root, paths::kept_packs)),
      m_search_indexes(std::make_unique<search::IndexCache>(m_root)), m_ledger(std::move(kinds)),
      m_list_watch(m_root, [this] { (void)know_all(); })
{
    git::start_libgit2();
    // No reader should wait for this: all repositories are looked at, what other builds have left among the kept pages
    // is removed, and the tables of all languages are made.
    constexpr int64_t most_wait = nanoseconds_per_second / 20; // some thousands are looked at meanwhile
    m_list_watch.await(most_wait);
    (void)m_page_cache.find_stored("", "", false);
    (void)text::find_language("", "");
}
Site::~Site() = default;

store::GlobalConfig Site::config() const { return m_config_watch.now()->config.value_or(store::GlobalConfig()); }

http::Identity Site::identify(const http::Arrival& arrival, const http::Claims& claims) const
{
    auto known = m_config_watch.now();
    if (!known->config)
        return {"", arrival.address};
    return http::identify(arrival, claims, known->proxy_secret, m_login);
}

/// Without free descriptors, the server can't know anything about a repository, not even that it is missing.
static bool is_exhausted(const Error& error) { return error.code == EMFILE || error.code == ENFILE; }

static Unexpected exhausted(const Error& error)
{
    return fail(ErrorKind::busy, "there are no descriptors left: {}", error.message);
}

Result<std::optional<RepositoryConfig>> Site::config_of(const RepoName& name, int directory, Reading reading)
{
    sys::Stamp here = sys::stamp_of_target(directory, ".");
    sys::Stamp file = sys::stamp_of_target(directory, paths::repository_config);
    // The times of the directory change with every push, but its identity does not.
    std::string state = fmt::format("{}.{};{}", here.device, here.inode, file.str());
    if (auto known = m_configs.find(name.str(), state))
        return std::optional(*known);
    if (reading == Reading::known_only)
        return std::optional<RepositoryConfig>();
    auto read = store::read_repository_config(directory, name, forge::config_evaluator());
    if (!read && is_exhausted(read.error()))
        return exhausted(read.error());
    RepositoryConfig config = read ? std::move(*read) : store::closed_config(read.error());
    if (!config.fault.empty())
        log("{}: it is private until that is mended", config.fault);
    constexpr size_t about = sizeof(RepositoryConfig) + 500;
    return std::optional(*m_configs.keep(name.str(), {std::move(config), about}, std::move(state)));
}

static bool may_see(const RepositoryConfig& config, const http::Request& request)
{
    return request.is_authenticated() || !config.is_private;
}

static bool may_see_runs(const RepositoryConfig& config, const http::Request& request)
{
    return request.is_authenticated() || (!config.is_private && config.public_runs);
}

Result<std::optional<Repository>> Site::find(const RepoName& name, const http::Request& request, Reading reading)
{
    auto directory = m_root.open_repository(name);
    if (directory)
        return decide(name, std::move(*directory), request, reading);
    if (is_exhausted(directory.error()))
        return exhausted(directory.error());
    if (!request.is_authenticated())
        TRY(take_as_long_as_deciding());
    return std::optional<Repository>();
}

/// A private repository must not be distinguishable from a missing one by the time an answer takes. So for a missing
/// one this does as much work: it opens a repository, checks whether its configuration is still the known one, and
/// refuses.
Result<void> Site::take_as_long_as_deciding()
{
    auto stand_in = sys::open_directory(m_root.fd(), paths::repositories);
    if (!stand_in)
        return is_exhausted(stand_in.error()) ? exhausted(stand_in.error()) : Result<void>();
    sys::stamp_of_target(stand_in->get(), ".");
    sys::stamp_of_target(stand_in->get(), paths::repository_config);
    return {};
}

Result<std::optional<Repository>> Site::decide(const RepoName& name, UniqueFd directory, const http::Request& request,
                                               Reading reading)
{
    auto config = TRY(config_of(name, directory.get(), reading));
    if (!config || !may_see(*config, request))
        return std::optional<Repository>();
    bool shows_runs = may_see_runs(*config, request);
    return std::optional(Repository{name, std::move(*config), std::move(directory), shows_runs});
}

Result<git::RepositoryPool::Lease> Site::open(const Repository& repository)
{
    return m_pool.borrow(repository.directory.get());
}

/// Runs move with their repository. If the name still leads to this directory, and the directory was not renamed since
/// before the runs were opened (its change time would show that), they are its own.
Result<UniqueFd> Site::open_runs(const Repository& repository) const
{
    constexpr int attempts = 5; // a push changes the time too
    for (int i = 0; i < attempts; ++i) {
        sys::Stamp before = sys::stamp_of_target(repository.directory.get(), ".");
        auto runs = sys::open_directory(m_root.fd(), paths::repository_runs(repository.name));
        auto again = m_root.open_repository(repository.name);
        sys::Stamp after = again ? sys::stamp_of_target(again->get(), ".") : sys::Stamp();
        if (after == before && runs)
            return std::move(*runs);
        if (after == before && runs.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(runs).error());
        if (after == before)
            return fail(ErrorKind::not_found, "Nothing has run here.");
        if (!after.same_file(before))
            return fail(ErrorKind::not_found, "The repository has another name by now.");
    }
    return fail(ErrorKind::busy, "the repository is being changed");
}

std::shared_ptr<const KnownRuns> Site::known_runs(const Repository& repository, CommitRuns::Reading reading)
{
    static const auto nothing_ran = std::make_shared<const KnownRuns>();
    if (!repository.shows_runs)
        return nullptr;
    auto runs = open_runs(repository);
    if (!runs)
        return runs.error().kind == ErrorKind::not_found && runs.error().code == 0 ? nothing_ran : nullptr;
    auto known = m_commit_runs.look(runs->get(), repository.name, reading);
    if (known && known->is_to_be_continued()) {
        auto shared = std::make_shared<UniqueFd>(std::move(*runs));
        m_afterwards.add("runs " + repository.name.str(), [this, shared, name = repository.name] {
            Patience patience(monotonic_now() + Afterwards::patience);
            while (!patience.is_over() && m_commit_runs.read_on(shared->get(), name))
                ;
        });
    }
    return known;
}

void Site::later(const Repository& repository, std::string key, std::function<void(const git::Repository&)> work)
{
    auto directory = sys::duplicate(repository.directory.get());
    if (!directory)
        return;
    auto shared = std::make_shared<UniqueFd>(std::move(*directory));
    m_afterwards.add(std::move(key), [this, shared, work = std::move(work)] {
        if (auto opened = m_pool.borrow(shared->get()))
            work(**opened);
    });
}

Result<Site::KnownList> Site::look_at_all()
{
    KnownList all;
    auto repositories = TRY(sys::open_directory(m_root.fd(), paths::repositories));
    for (RepoName& name : TRY(store::list_repositories(m_root))) {
        auto directory = sys::open_beneath(repositories.get(), name.directory(), O_PATH | O_DIRECTORY);
        if (!directory && is_exhausted(directory.error()))
            return Unexpected(std::move(directory).error());
        if (!directory)
            continue;
        if (m_list_watch.is_stopping())
            return fail(ErrorKind::busy, "the server is being stopped");
        auto config = TRY(config_of(name, directory->get(), Reading::as_needed));
        all.push_back({std::move(name), std::move(*config), forge::last_push(directory->get()).value_or(0),
                       sys::stamp_of_target(directory->get(), ".")});
    }
    std::sort(all.begin(), all.end(),
              [](const Known& a, const Known& b) { return natural_less(a.name.str(), b.name.str()); });
    return all;
}

Result<std::shared_ptr<const Site::KnownList>> Site::know_all()
{
    auto state = m_list_watch.state(); // first: what changes from here on makes it another one
    if (auto known = state ? m_known_list.find("", *state) : nullptr)
        return known;
    KnownList all = TRY(look_at_all());
    size_t bytes = 0;
    for (const Known& known : all)
        bytes += sizeof known + known.name.str().size() + known.config.description.size() + known.config.fault.size();
    return m_known_list.keep("", {std::move(all), bytes, !state}, state.value_or(""));
}

/// Null, too, if the name has come to belong to another directory.
std::shared_ptr<const LastRuns::Last> Site::last_run_of(const Known& known)
{
    auto directory = m_root.open_repository(known.name);
    if (!directory || !sys::stamp_of_target(directory->get(), ".").same_file(known.directory))
        return nullptr;
    auto runs = open_runs({known.name, {}, std::move(*directory), true});
    return runs ? m_last_runs.find(runs->get(), known.name) : nullptr;
}

Result<std::vector<Listed>> Site::list(const http::Request& request)
{
    std::vector<Listed> listed;
    auto all = know_all();
    if (!all && (is_exhausted(all.error()) || all.error().kind == ErrorKind::busy))
        return exhausted(all.error());
    if (!all) {
        log_line(all.error().message);
        return listed;
    }
    for (const Known& known : **all) {
        const RepositoryConfig& config = known.config;
        if (!may_see(config, request))
            continue;
        bool shows_runs = may_see_runs(config, request);
        listed.push_back({known.name, config.description, config.is_private, shows_runs,
                          shows_runs ? last_run_of(known) : nullptr, known.pushed_at,
                          request.is_authenticated() ? config.fault : std::string()});
    }
    return listed;
}

} // namespace quire::web
