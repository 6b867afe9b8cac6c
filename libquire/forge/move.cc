#include "forge/move.h"

#include "forge/repository_paths.h"
#include "forge/settle.h"
#include "forge/shared_config.h"
#include "store/kept_workspace.h"
#include "store/repositories.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/fnl.h"

namespace quire::forge {

static Result<void> set_include(const store::Root& root, int repository, const std::string& path)
{
    std::string config = TRY(sys::read_file(repository, store::paths::repository_git_config));
    std::string wanted = with_include(config, root, path);
    if (wanted == config)
        return {};
    return sys::replace_file(repository, store::paths::repository_git_config, wanted, 0640);
}

/// Workspaces that are kept for a look know their repository's place and name, so they don't move.
static Result<void> let_go_of_workspaces(const store::Root& root, const store::RepoName& name)
{
    for (const store::KeptWorkspace& kept : TRY(store::kept_workspaces(root)))
        if (kept.repo == name && !TRY(store::let_go(root, kept.repo, kept.number)))
            return fail(ErrorKind::busy, "somebody is in the workspace of run #{} of {}: quire shell", kept.number,
                        name.str());
    return {};
}

/// What is to be done to the repository, by its tasks' ids: the runner drops them once the old name is nobody's.
static Result<text::Data> tasks_of(const store::Root& root, const store::RepoName& name)
{
    text::Data::Sequence ids;
    for (store::TaskPlace place : {store::TaskPlace::active, store::TaskPlace::waiting})
        for (const store::Task& task : TRY(store::list_tasks(root, place)))
            if (task.repo == name)
                ids.emplace_back(task.id());
    return text::Data(std::move(ids));
}

/// Under the new name. Their histories are begun anew: what failed may have had to do with the name.
static Result<void> carry_tasks(const store::Root& root, const store::RepoName& to, const text::Data& ids)
{
    if (!ids.sequence())
        return {};
    for (const text::Data& id : *ids.sequence()) {
        auto task = id.string() ? store::parse_task_id(*id.string()) : std::nullopt;
        if (!task)
            continue;
        task->repo = to;
        TRY(store::add_task(root, std::move(*task)));
    }
    return {};
}

/// Moves what is there; what has been moved already stays.
static Result<void> move_directory(const store::Root& root, const std::string& from, const std::string& to)
{
    if (!sys::exists(root.fd(), from))
        return {};
    auto parent = [](const std::string& path) { return path.substr(0, path.rfind('/')); };
    TRY(sys::make_directories(root.fd(), parent(to), 0750));
    TRY(sys::rename_noreplace(root.fd(), from, root.fd(), to));
    TRY(sys::sync_directory(root.fd(), parent(to)));
    return sys::sync_directory(root.fd(), parent(from));
}

/// Ends a move, even one that did not happen.
static Result<void> come_to_rest(const store::Root& root, int repository, const RepositoryPaths& here)
{
    TRY(set_include(root, repository, here.include_path()));
    if (!here.is_in_trash())
        TRY(requeue(root, TRY(here.name())));
    TRY(sys::unlink_at(repository, store::paths::repository_moving));
    return sys::sync_directory(repository, store::paths::repository_settings);
}

/// Does what remains after the repository itself has arrived. Safe to repeat.
static Result<void> complete(const store::Root& root, int repository, const RepositoryPaths& from,
                             const RepositoryPaths& to, const text::Data& tasks)
{
    TRY(move_directory(root, from.runs(), to.runs()));
    TRY(move_directory(root, from.cache(), to.cache()));
    // The index of its texts is made anew under the new name, which is simpler than to move it.
    if (!from.is_in_trash())
        TRY(sys::remove_tree(root.fd(), store::paths::repository_search(TRY(from.name()))));
    if (!to.is_in_trash())
        TRY(store::add_task(root, {.kind = "search", .repo = TRY(to.name())}));
    if (!to.is_in_trash())
        TRY(carry_tasks(root, TRY(to.name()), tasks));
    TRY(come_to_rest(root, repository, to));
    if (from.is_in_trash())
        TRY(sys::remove_tree(root.fd(), from.trash_item()));
    return {};
}

/// Locks the file that describes the move. A repository from elsewhere may lack quire/.
static Result<std::optional<sys::FileLock>> lock_for_moving(int repository)
{
    TRY(sys::make_directories(repository, store::paths::repository_settings, 0750));
    return sys::FileLock::try_acquire(repository, store::paths::repository_moving);
}

static Result<void> move(const store::Root& root, const store::RepoName& name, const RepositoryPaths& from,
                         const RepositoryPaths& to)
{
    for (const std::string& path : {to.repository(), to.runs(), to.cache()})
        if (sys::exists(root.fd(), path))
            return fail(ErrorKind::exists, "{} is taken: there is {}", to.shown(), root.absolute(path));
    auto opened = sys::open_beneath(root.fd(), from.repository(), O_RDONLY | O_DIRECTORY);
    if (!opened)
        return fail(ErrorKind::not_found, "there is no repository '{}'", name.str());
    int repository = opened->get();
    auto lock = TRY(lock_for_moving(repository));
    if (!lock)
        return fail(ErrorKind::busy, "{} is being moved already", name.str());
    text::Data plan{text::Data::Table()};
    plan.set("from", from.str());
    plan.set("to", to.str());
    plan.set("tasks", TRY(tasks_of(root, name)));
    TRY(sys::write_at(lock->fd(), text::write_fnl(plan), 0));
    TRY(sys::sync_file(lock->fd(), store::paths::repository_moving));
    TRY(sys::sync_directory(repository, store::paths::repository_settings));
    auto moved = [&]() -> Result<void> {
        TRY(settle(root, name));
        TRY(let_go_of_workspaces(root, name));
        // Uses the absolute path meanwhile: it is right in both places, and a push that found no include would run
        // without hooks.
        TRY(set_include(root, repository, root.absolute(store::paths::git_config)));
        return move_directory(root, from.repository(), to.repository());
    }();
    if (!moved) {
        (void)come_to_rest(root, repository, from); // the first error is the one to report; doctor finds what is left
        return moved;
    }
    return complete(root, repository, from, to, *plan.find("tasks"));
}

/// Looks for an interrupted move in the repository at this place.
static Result<std::string> look_after(const store::Root& root, const RepositoryPaths& here, bool mend)
{
    auto opened = sys::open_beneath(root.fd(), here.repository(), O_RDONLY | O_DIRECTORY);
    if (!opened || !sys::exists(opened->get(), store::paths::repository_moving))
        return std::string();
    int repository = opened->get();
    auto lock = TRY(sys::FileLock::try_acquire(repository, store::paths::repository_moving));
    if (!lock)
        return std::string();
    std::string source = TRY(sys::read_file(repository, store::paths::repository_moving));
    auto plan = text::read_fnl(source, store::paths::repository_moving);
    auto from = RepositoryPaths::parse(plan ? plan->string_or("from", "") : "");
    auto to = RepositoryPaths::parse(plan ? plan->string_or("to", "") : "");
    // If the plan is incomplete, the move never began.
    bool arrived = from && to && *to == here;
    if (mend)
        TRY(arrived ? complete(root, repository, *from, *to, plan->find("tasks") ? *plan->find("tasks") : text::Data())
                    : come_to_rest(root, repository, here));
    if (!arrived)
        return fmt::format("{} was about to be moved and was not", here.shown());
    return fmt::format("{} was on its way to {}", from->shown(), to->shown());
}

static Result<std::vector<std::string>> look_after_all(const store::Root& root, bool mend)
{
    std::vector<RepositoryPaths> all;
    for (const store::RepoName& name : TRY(store::list_repositories(root)))
        all.push_back(RepositoryPaths::of(name));
    for (const TrashItem& item : TRY(list_trash(root)))
        all.push_back(RepositoryPaths::in_trash(item.id));
    std::vector<std::string> found;
    for (const RepositoryPaths& here : all)
        if (std::string story = TRY(look_after(root, here, mend)); !story.empty())
            found.push_back(std::move(story));
    return found;
}

Result<std::vector<std::string>> find_interrupted_moves(const store::Root& root) { return look_after_all(root, false); }

Result<std::vector<std::string>> finish_interrupted_moves(const store::Root& root)
{
    return look_after_all(root, true);
}

Result<void> rename_repository(const store::Root& root, const store::RepoName& from, const store::RepoName& to)
{
    if (from == to)
        return fail(ErrorKind::exists, "it is called '{}' already", to.str());
    TRY(look_after(root, RepositoryPaths::of(from), true));
    return move(root, from, RepositoryPaths::of(from), RepositoryPaths::of(to));
}

Result<std::string> remove_repository(const store::Root& root, const store::RepoName& name)
{
    TRY(look_after(root, RepositoryPaths::of(name), true));
    std::string id = store::paths::trash_id(name, now());
    TRY(root.prepare());
    TRY(sys::make_directory(root.fd(), store::paths::trash_item(id), 0750));
    auto moved = move(root, name, RepositoryPaths::of(name), RepositoryPaths::in_trash(id));
    if (!moved) {
        (void)sys::remove_directory(root.fd(), store::paths::trash_item(id)); // it is empty, or doctor reports it
        return Unexpected(std::move(moved).error());
    }
    return id;
}

Result<void> restore_repository(const store::Root& root, const TrashItem& item, const store::RepoName& name)
{
    RepositoryPaths from = RepositoryPaths::in_trash(item.id);
    TRY(look_after(root, from, true));
    return move(root, name, from, RepositoryPaths::of(name));
}

} // namespace quire::forge
