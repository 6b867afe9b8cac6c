// Task: a piece of work that is not a run, durable until it is done: runs/.queue/tasks/<id>, one file each.
//
//   {:kind :upkeep :repo "foo" :attempts 2 :added-at "…Z" :not-before "…Z" :last-error "git gc ended with 128: …"}
//
// Whoever notices work adds a task; adding one that waits already changes nothing. Only the runner works on tasks
// (runner/tasks.h): it claims one by renaming it into tasks/active/, so that what is added meanwhile is a task of its
// own, and takes the claimed one away when it is done. After a failure it waits again, longer each time. Work is done
// at least once, never exactly once: a runner can die between doing it and saying so.
//
// The name says which task it is; the content only how its attempts went. An entry whose content a power cut took is
// begun anew.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

struct Task {
    std::string kind;             ///< "upkeep": lower-case letters and dashes
    std::optional<RepoName> repo; ///< none: of the whole root
    std::string subject = {};     ///< tells several of one kind and repository apart; may be empty
    uint64_t attempts = 0;        ///< that failed
    Instant added_at = 0;
    Instant not_before = 0; ///< 0: at once
    std::string last_error = {};

    /// "upkeep.foo.git", "prune", "mirror.work%2Fbar.git@github": the entry's name.
    std::string id() const;
};

/// What the entry says.
text::Data to_data(const Task& task);

/// The task that an id names, without its history; nullopt if it is no id.
std::optional<Task> parse_task_id(std::string_view id);

/// For a hook whose pusher waits, unsynced: it leaves it to the kernel when the disk has it.
enum class Durability { synced, unsynced };
/// Nothing changes where the task waits already. Durable when it returns.
Result<void> add_task(const Root& root, Task task, Durability durability = Durability::synced);

enum class TaskPlace { waiting, active };
/// By name. Names that are no ids are left out; of an entry that can't be read `last_error` says why.
Result<std::vector<Task>> list_tasks(const Root& root, TaskPlace place);
/// not_found if it is not there.
Result<Task> read_task(const Root& root, TaskPlace place, const std::string& id);

/// false: it is gone.
Result<bool> claim_task(const Root& root, const Task& task);
/// The claimed one waits again, with what is said of its attempts here.
Result<void> give_back_task(const Root& root, const Task& task);
/// It is done, or nobody wants it any more. One that is gone is fine.
Result<void> drop_task(const Root& root, TaskPlace place, const Task& task);
/// Replaces what is said of one that waits.
Result<void> rewrite_task(const Root& root, const Task& task);

} // namespace quire::store
