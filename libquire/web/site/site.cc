#include "web/site/site.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/listing.h"
#include "store/repositories.h"
#include "sys/file.h"

namespace quire::web {

using store::RepoName;
using store::RepositoryConfig;
namespace paths = store::paths;

Site::Site(store::Root root, std::string reader)
    : m_root(std::move(root)), m_reader(std::move(reader)), m_list_watch(m_root)
{
    git::start_libgit2();
}
Site::~Site() = default;

Site::Stamp Site::stamp_of(int directory, const std::string& path)
{
    auto status = sys::stat_at(directory, path);
    if (!status || !*status)
        return {};
    const struct stat& found = **status;
    constexpr int64_t second = nanoseconds_per_second;
    return {found.st_dev, found.st_ino, sys::modified_at(found), found.st_ctim.tv_sec * second + found.st_ctim.tv_nsec,
            found.st_size};
}

store::GlobalConfig Site::config()
{
    Stamp stamp = stamp_of(m_root.fd(), paths::config);
    std::lock_guard lock(m_mutex);
    if (m_config_stamp != stamp) {
        auto read = forge::read_global_config(m_root);
        if (!read)
            log("{}; until it is mended nobody is believed to be logged in", read.error().message);
        m_config = read ? std::optional(std::move(*read)) : std::nullopt;
        m_config_stamp = stamp;
    }
    return m_config.value_or(store::GlobalConfig());
}

std::string Site::config_state() const
{
    Stamp stamp = stamp_of(m_root.fd(), paths::config);
    return fmt::format("{}.{}.{}", stamp.inode, stamp.modified, stamp.size);
}

std::string Site::identify(http::Peer peer, const http::Claims& claims)
{
    bool is_nobody = trim(claims.user).empty();
    if (is_nobody && m_reader.empty())
        return {};
    store::GlobalConfig current = config();
    {
        std::lock_guard lock(m_mutex);
        if (!m_config)
            return {};
    }
    if (is_nobody)
        return current.proxy_secret ? std::string() : http::own_reader(peer, claims, m_reader);
    if (!current.proxy_secret)
        return http::trusted_user(peer, claims.user, claims.secret, "");
    std::string secret = current.proxy_secret->value;
    if (current.proxy_secret->file)
        secret = sys::read_file(AT_FDCWD, *current.proxy_secret->file, 4096).value_or("");
    std::string_view wanted = trim(secret);
    return wanted.empty() ? std::string() : http::trusted_user(peer, claims.user, claims.secret, wanted);
}

RepositoryConfig Site::config_of(const RepoName& name, int directory)
{
    Stamp here = stamp_of(directory, ".");
    Stamp file = stamp_of(directory, paths::repository_config);
    // A directory's times change with every push; which directory it is does not.
    here.modified = here.changed = here.size = 0;
    {
        std::lock_guard lock(m_mutex);
        auto known = m_repositories.find(name);
        if (known != m_repositories.end() && known->second.directory == here && known->second.file == file)
            return known->second.config;
    }
    RepositoryConfig config = forge::read_config(directory, name);
    if (!config.fault.empty())
        log("{}: it is private until that is mended", config.fault);
    std::lock_guard lock(m_mutex);
    m_repositories[name] = {here, file, config};
    return config;
}

static bool may_see(const RepositoryConfig& config, const http::Request& request)
{
    return request.is_authenticated() || !config.is_private;
}

static bool may_see_runs(const RepositoryConfig& config, const http::Request& request)
{
    return request.is_authenticated() || (!config.is_private && config.public_runs);
}

std::optional<Repository> Site::find(const RepoName& name, const http::Request& request)
{
    auto directory = m_root.open_repository(name);
    if (directory)
        return decide(name, std::move(*directory), request);
    if (!request.is_authenticated())
        take_as_long_as_deciding();
    return std::nullopt;
}

/// A private repository and a missing one must not be told apart by a clock either, so what is missing costs what it
/// would to open a repository, look whether its configuration is still the known one, and say no.
void Site::take_as_long_as_deciding()
{
    auto stand_in = sys::open_directory(m_root.fd(), paths::repositories);
    if (!stand_in)
        return;
    stamp_of(stand_in->get(), ".");
    stamp_of(stand_in->get(), paths::repository_config);
}

std::optional<Repository> Site::decide(const RepoName& name, UniqueFd directory, const http::Request& request)
{
    RepositoryConfig config = config_of(name, directory.get());
    if (!may_see(config, request))
        return std::nullopt;
    bool shows_runs = may_see_runs(config, request);
    return Repository{name, std::move(config), std::move(directory), shows_runs};
}

Result<git::RepositoryPool::Lease> Site::open(const Repository& repository)
{
    return m_pool.borrow(repository.directory.get(), m_root.absolute(paths::repository(repository.name)));
}

void Site::later(const Repository& repository, std::string key, std::function<void(const git::Repository&)> work)
{
    auto directory = sys::duplicate(repository.directory.get());
    if (!directory)
        return;
    auto shared = std::make_shared<UniqueFd>(std::move(*directory));
    m_afterwards.add(std::move(key), [this, shared, path = m_root.absolute(paths::repository(repository.name)),
                                      work = std::move(work)] {
        if (auto opened = m_pool.borrow(shared->get(), path))
            work(**opened);
    });
}

std::vector<Listed> Site::list(const http::Request& request)
{
    std::vector<Listed> listed;
    auto names = store::list_repositories(m_root);
    if (!names) {
        log_line(names.error().message);
        return listed;
    }
    auto repositories = sys::open_directory(m_root.fd(), paths::repositories);
    for (const RepoName& name : *names) {
        auto directory = repositories ? sys::open_beneath(repositories->get(), name.directory(), O_PATH | O_DIRECTORY)
                                      : Result<UniqueFd>(UniqueFd());
        auto repository = directory && *directory ? decide(name, std::move(*directory), request) : std::nullopt;
        if (!repository)
            continue;
        RepositoryConfig& config = repository->config;
        listed.push_back({name, config.description, config.is_private, repository->shows_runs,
                          forge::last_push(repository->directory.get()).value_or(0),
                          request.is_authenticated() ? config.fault : std::string()});
    }
    return listed;
}

} // namespace quire::web
