#include "store/queue.h"

#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/sync_order.h"
#include "text/fnl.h"

namespace quire::store {

static std::string below(const char* queue, const QueueItem& item) { return fmt::format("{}/{}", queue, item.entry); }

Result<std::vector<QueueItem>> list_queue(const Root& root, const char* queue)
{
    std::vector<QueueItem> items;
    for (std::string& entry : TRY(sys::list_directory(root.fd(), queue)))
        if (auto run = paths::parse_queue_entry(entry))
            items.push_back({std::move(entry), std::move(run->repo), run->number});
    return items;
}

static Result<bool> move_entry(const Root& root, const QueueItem& item, const char* from, const char* to)
{
    auto moved = sys::rename_noreplace(root.fd(), below(from, item), root.fd(), below(to, item));
    if (moved)
        return true;
    if (moved.error().kind == ErrorKind::not_found || moved.error().kind == ErrorKind::exists)
        return false;
    return Unexpected(std::move(moved).error());
}

Result<bool> claim(const Root& root, const QueueItem& item)
{
    return move_entry(root, item, paths::queue_new, paths::queue_active);
}

Result<void> give_back(const Root& root, const QueueItem& item)
{
    TRY(move_entry(root, item, paths::queue_active, paths::queue_new));
    return {};
}

static Result<void> remove_if_there(const Root& root, const std::string& path)
{
    auto removed = sys::unlink_at(root.fd(), path);
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return removed;
    return {};
}

Result<void> drop_entry(const Root& root, const QueueItem& item)
{
    // The request is removed first: if this is interrupted, an entry is looked at again, but a request alone would not
    // be.
    TRY(remove_if_there(root, paths::cancel_request(item.repo, item.number)));
    TRY(remove_if_there(root, below(paths::queue_active, item)));
    return remove_if_there(root, below(paths::queue_new, item));
}

bool comes_before_the_queue(const Root& root, int fd)
{
    auto queue = sys::open_directory(root.fd(), paths::queue);
    return queue && sys::share_sync_order(queue->get(), fd);
}

Result<void> wake_runner(const Root& root)
{
    // The runner watches for names that appear there, and ignores this one otherwise.
    std::string name = fmt::format("{}/{}.tmp", paths::queue_new, sys::unique_name(".wake"));
    TRY(sys::open_at(root.fd(), name, O_WRONLY | O_CREAT | O_EXCL, 0600));
    return sys::unlink_at(root.fd(), name);
}

Result<void> write_run_record(const Root& root, const RunRecord& record)
{
    RunRecord now = TRY(read_run_record(root, record.repo, record.number));
    if (is_terminal(now.state))
        return fail(ErrorKind::refused, "run #{} of {} has ended as {} and stays so", record.number, record.repo.str(),
                    to_string(now.state));
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(record.repo, record.number)));
    return sys::replace_file(run.get(), paths::record, text::write_fnl(to_data(record)));
}

} // namespace quire::store
