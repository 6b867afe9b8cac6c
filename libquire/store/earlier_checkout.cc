#include "store/earlier_checkout.h"

#include "store/repositories.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::store {

Result<void> drop_checkout(const Root& root, int directory, const std::string& path)
{
    std::string trash = fmt::format("{}/{}", paths::run_trash, sys::unique_name("checkout"));
    auto moved = sys::rename_noreplace(directory, path, root.fd(), trash);
    if (!moved && moved.error().kind != ErrorKind::not_found)
        return moved;
    return {};
}

Result<bool> take_checkout(const Root& root, const RepoName& repo, int run)
{
    TRY(drop_checkout(root, run, paths::run_earlier_checkout)); // of an attempt that was cut off
    UniqueFd runs = TRY(sys::open_directory(root.fd(), paths::repository_runs(repo)));
    auto taken = sys::rename_noreplace(runs.get(), paths::checkout, run, paths::run_earlier_checkout);
    if (!taken && taken.error().kind == ErrorKind::not_found)
        return false;
    TRY(std::move(taken));
    return true;
}

Result<void> leave_checkout(const Root& root, const RepoName& repo, uint64_t number)
{
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(repo, number)));
    if (!sys::exists(run.get(), paths::checkout))
        return {};
    TRY(sys::rename_noreplace(run.get(), paths::run_workspace, run.get(),
                              fmt::format("{}/{}", paths::checkout, paths::run_workspace)));
    UniqueFd runs = TRY(sys::open_directory(root.fd(), paths::repository_runs(repo)));
    TRY(drop_checkout(root, runs.get(), paths::checkout));
    return sys::rename_noreplace(run.get(), paths::checkout, runs.get(), paths::checkout);
}

static std::string path_of(const RepoName& repo)
{
    return fmt::format("{}/{}", paths::repository_runs(repo), paths::checkout);
}

Result<std::vector<KeptCheckout>> kept_checkouts(const Root& root)
{
    std::vector<KeptCheckout> kept;
    for (const RepoName& repo : TRY(list_repositories(root)))
        if (auto status = TRY(sys::stat_at(root.fd(), path_of(repo))))
            kept.push_back({repo, sys::modified_at(*status)}); // since the workspace came into it
    return kept;
}

Result<void> drop_old_checkouts(const Root& root, int64_t age)
{
    for (const KeptCheckout& checkout : TRY(kept_checkouts(root)))
        if (now() - checkout.since > age)
            TRY(drop_checkout(root, root.fd(), path_of(checkout.repo)));
    return {};
}

} // namespace quire::store
