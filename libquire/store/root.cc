#include "store/root.h"

#include "base/strings.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::store {

std::string Root::choose(const std::optional<std::string>& option)
{
    if (option)
        return *option;
    return sys::process_variable("QUIRE_ROOT").value_or(default_root);
}

Result<Root> Root::open(const std::string& path)
{
    auto resolved = sys::real_path(path);
    if (!resolved)
        return fail(ErrorKind::not_found,
                    "there is no data root at {}: make it, or name another with --root or QUIRE_ROOT", path);
    UniqueFd fd = TRY(sys::open_directory(AT_FDCWD, *resolved));
    return Root(std::move(*resolved), std::move(fd));
}

/// Before there were tasks, a repository that wanted upkeep had an empty file here. Today's runner asks for upkeep by
/// itself.
constexpr const char* former_upkeep_requests = "runs/.queue/upkeep";

Result<void> Root::prepare() const
{
    for (const char* directory :
         {paths::repositories, paths::runs, paths::cache, paths::trash, paths::git_directory, paths::queue,
          paths::queue_new, paths::queue_active, paths::queue_cancel, paths::queue_approve, paths::queue_kept,
          paths::queue_intent, paths::queue_lost, paths::queue_tasks, paths::queue_active_tasks, paths::queue_notices,
          paths::run_trash}) {
        auto made = sys::make_directory(fd(), directory, 0750);
        if (!made && made.error().kind != ErrorKind::exists)
            return with_context(std::move(made).error(), m_path);
    }
    TRY(sys::remove_tree(fd(), former_upkeep_requests));
    return sys::sync_directory(fd(), ".");
}

Result<UniqueFd> Root::open_repository(const RepoName& name) const
{
    UniqueFd repositories = TRY(sys::open_directory(fd(), paths::repositories));
    auto opened = sys::open_beneath(repositories.get(), name.directory(), O_RDONLY | O_DIRECTORY);
    if (opened)
        return std::move(*opened);
    // A symlink out of repos/ (EXDEV), or a file in the repository's place, counts as missing.
    if (opened.error().code == ENOENT || opened.error().code == EXDEV || opened.error().code == ENOTDIR ||
        opened.error().code == ELOOP)
        return fail(ErrorKind::not_found, "there is no repository '{}'", name.str());
    return Unexpected(std::move(opened).error());
}

bool Root::has_repository(const RepoName& name) const { return open_repository(name).has_value(); }

} // namespace quire::store
