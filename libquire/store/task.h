// Task: a piece of work that is not a run, durable until it is done: runs/.queue/tasks/<id>, one file each.
//
//   {:kind :upkeep :repo "foo" :attempts 2 :added-at "…Z" :not-before "…Z" :last-error "git gc ended with 128: …"}
//
// Code that notices work adds a task; adding one that is waiting already changes nothing. Only the runner works on
// tasks (runner/tasks.h). It claims one by renaming it into tasks/active/, so a task that is added meanwhile is a
// separate one, and removes it when it is done. After a failure the task waits again, longer each time. Work is done at
// least once, and perhaps twice: a runner can die between doing it and recording that.
//
// The file's name says which task it is; the content only records its attempts. If a power cut destroyed the content,
// the task starts anew.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

struct Task {
    std::string kind;             ///< such as "upkeep": lower-case letters and dashes
    std::optional<RepoName> repo; ///< none: the task is for the whole root
    std::string subject = {};     ///< distinguishes tasks of the same kind and repository; may be empty
    uint64_t attempts = 0;        ///< how many failed
    Instant added_at = 0;
    Instant not_before = 0; ///< 0: it may start at once
    std::string last_error = {};

    /// The file's name: "upkeep.foo.git", "prune", "mirror.work%2Fbar.git@github".
    std::string id() const;
};

/// The content of the file.
text::Data to_data(const Task& task);

/// The task that an id names, without its attempts; nullopt if it is not an id.
std::optional<Task> parse_task_id(std::string_view id);

/// `unsynced` does not wait for the disk. It is for hooks, where a pusher waits.
enum class Durability { synced, unsynced };
/// Does nothing if the task is waiting already. Durable when it returns, if synced.
Result<void> add_task(const Root& root, Task task, Durability durability = Durability::synced);

enum class TaskPlace { waiting, active };
/// Sorted by name. Files that are not tasks are ignored; if a task can't be read, its `last_error` says why.
Result<std::vector<Task>> list_tasks(const Root& root, TaskPlace place);
/// ErrorKind::not_found if it does not exist.
Result<Task> read_task(const Root& root, TaskPlace place, const std::string& id);

/// Returns false if it is gone.
Result<bool> claim_task(const Root& root, const Task& task);
/// Makes a claimed task wait again, with the attempts that `task` has now.
Result<void> give_back_task(const Root& root, const Task& task);
/// Removes a task that is done or no longer wanted. It is fine if it is gone already.
Result<void> drop_task(const Root& root, TaskPlace place, const Task& task);
/// Replaces the content of a waiting task.
Result<void> rewrite_task(const Root& root, const Task& task);

} // namespace quire::store
