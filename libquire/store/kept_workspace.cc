#include "store/kept_workspace.h"

#include <fcntl.h>

#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::store {

Result<void> keep_workspace(const Root& root, const RepoName& repo, uint64_t number, const text::Data& shell)
{
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(repo, number)));
    if (sys::exists(run.get(), paths::run_shell)) // of an attempt that was cut off
        TRY(sys::unlink_at(run.get(), paths::run_shell));
    UniqueFd file = TRY(sys::open_at(run.get(), paths::run_shell, O_WRONLY | O_CREAT | O_EXCL, 0600));
    TRY(sys::write_all(file.get(), text::write_json(shell)));
    TRY(sys::close_checked(std::move(file), paths::run_shell));
    TRY(sys::make_directories(root.fd(), paths::queue_kept)); // a root of an earlier version has none
    UniqueFd mark = TRY(sys::open_at(root.fd(), paths::kept_workspace(repo, number), O_WRONLY | O_CREAT, 0644));
    return sys::close_checked(std::move(mark), paths::queue_kept);
}

bool is_kept(const Root& root, const RepoName& repo, uint64_t number)
{
    return sys::exists(root.fd(), paths::kept_workspace(repo, number));
}

Result<std::vector<KeptWorkspace>> kept_workspaces(const Root& root)
{
    std::vector<KeptWorkspace> kept;
    auto names = sys::list_directory(root.fd(), paths::queue_kept);
    if (!names && names.error().kind == ErrorKind::not_found)
        return kept;
    for (const std::string& name : TRY(std::move(names))) {
        auto run = paths::parse_cancel_request(name);
        auto status = sys::stat_at(root.fd(), fmt::format("{}/{}", paths::queue_kept, name));
        if (run && status && *status)
            kept.push_back({run->repo, run->number, sys::modified_at(**status)});
    }
    return kept;
}

Result<bool> let_go(const Root& root, const RepoName& repo, uint64_t number)
{
    auto run = sys::open_directory(root.fd(), paths::run(repo, number));
    if (run) {
        auto lock = TRY(sys::FileLock::try_acquire(run->get(), paths::run_shell_lock));
        if (!lock)
            return false;
        std::string name = fmt::format("{}/{}", paths::run_trash, sys::unique_name("workspace"));
        auto moved = sys::rename_noreplace(run->get(), paths::run_workspace, root.fd(), name);
        if (!moved && moved.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(moved).error());
        for (const char* file : {paths::run_shell, paths::run_shell_lock})
            if (sys::exists(run->get(), file))
                TRY(sys::unlink_at(run->get(), file));
    } else if (run.error().kind != ErrorKind::not_found) {
        return Unexpected(std::move(run).error());
    }
    if (is_kept(root, repo, number))
        TRY(sys::unlink_at(root.fd(), paths::kept_workspace(repo, number)));
    return true;
}

Result<sys::FileLock> hold_workspace(const Root& root, const RepoName& repo, uint64_t number)
{
    auto gone = [&] {
        return fail(ErrorKind::not_found,
                    "the workspace of run #{} of {} is not there: it is kept for a while if the run fails, as "
                    ":keep-failed in config.fnl says",
                    number, repo.str());
    };
    if (!is_kept(root, repo, number))
        return gone();
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(repo, number)));
    sys::FileLock lock = TRY(sys::FileLock::share(run.get(), paths::run_shell_lock));
    if (!is_kept(root, repo, number) || !sys::exists(run.get(), paths::run_shell)) { // let go while we waited
        (void)sys::unlink_at(run.get(), paths::run_shell_lock);
        return gone();
    }
    return lock;
}

} // namespace quire::store
