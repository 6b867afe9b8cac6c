#include "deliver/backup_health.h"

#include "base/show_time.h"
#include "store/task.h"

namespace quire::deliver {

constexpr int64_t minute = 60 * nanoseconds_per_second;
/// A push that is not stored for so long is one that a lost disk takes along.
constexpr int64_t late = 10 * minute;
constexpr int64_t unchecked = 3 * 24 * 60 * minute;

Result<std::optional<BackupHealth>> examine_backup(const store::Root& root)
{
    auto settings = TRY(read_backup_settings(root));
    if (!settings)
        return std::optional<BackupHealth>();
    BackupHealth health{.settings = std::move(*settings)};
    health.position = current_position(TRY(read_backup_positions(root)));
    health.backlog = TRY(find_backlog(root));
    health.check = TRY(last_backup_check(root));
    Instant at = now();
    // A task that failed once is tried again within seconds; what it says is worth knowing all the same.
    for (const store::Task& task : TRY(store::list_tasks(root, store::TaskPlace::waiting)))
        if (task.kind.starts_with("backup") && task.attempts > 0)
            health.failures.push_back(
                fmt::format("task {} failed {} times: {}", task.id(), task.attempts, task.last_error));
    if (health.backlog.oldest != 0 && at - health.backlog.oldest > late)
        health.failures.push_back(fmt::format("{} pushes are not stored, the first of them since {}",
                                              health.backlog.pushes, show_moment(health.backlog.oldest)));
    if (health.check)
        for (const std::string& fault : health.check->faults)
            health.failures.push_back("the last check found: " + fault);
    if (health.position && at - (health.check ? health.check->at : health.position->complete_at) > unchecked)
        health.failures.push_back("it was not read back for three days: is quire-runner there?");
    return std::optional(std::move(health));
}

} // namespace quire::deliver
