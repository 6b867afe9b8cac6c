#include "store/task.h"

#include <algorithm>

#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/fnl.h"

namespace quire::store {

using text::Data;

constexpr size_t most_bytes = 64u << 10;

static const char* directory_of(TaskPlace place)
{
    return place == TaskPlace::waiting ? paths::queue_tasks : paths::queue_active_tasks;
}

static std::string path_of(TaskPlace place, const std::string& id)
{
    return fmt::format("{}/{}", directory_of(place), id);
}

std::string Task::id() const
{
    std::string id = kind;
    if (repo)
        id += "." + repo->component();
    if (!subject.empty())
        id += "@" + text::percent_encode(subject);
    return id;
}

std::optional<Task> parse_task_id(std::string_view id)
{
    size_t at = id.find('@');
    auto subject = at == std::string_view::npos ? std::string() : text::percent_decode(id.substr(at + 1));
    id = id.substr(0, at);
    size_t dot = id.find('.');
    std::string_view kind = id.substr(0, dot);
    bool is_kind = !kind.empty() &&
                   std::all_of(kind.begin(), kind.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    if (!is_kind || kind == paths::active_tasks_name || !subject || (at != std::string_view::npos && subject->empty()))
        return std::nullopt;
    Task task{.kind = std::string(kind), .repo = std::nullopt, .subject = std::move(*subject)};
    if (dot != std::string_view::npos) {
        auto repo = RepoName::from_component(id.substr(dot + 1));
        if (!repo)
            return std::nullopt;
        task.repo = std::move(*repo);
    }
    return task;
}

Data to_data(const Task& task)
{
    Data data{Data::Table{}};
    data.set("kind", text::Keyword{task.kind});
    if (task.repo)
        data.set("repo", task.repo->str());
    if (!task.subject.empty())
        data.set("subject", task.subject);
    data.set("attempts", task.attempts);
    data.set("added-at", format_instant(task.added_at));
    if (task.not_before != 0)
        data.set("not-before", format_instant(task.not_before));
    if (!task.last_error.empty())
        data.set("last-error", task.last_error);
    return data;
}

Result<Task> read_task(const Root& root, TaskPlace place, const std::string& id)
{
    std::string path = path_of(place, id);
    auto task = parse_task_id(id);
    if (!task)
        return fail(ErrorKind::not_found, "'{}' is no task's id", id);
    std::string content = TRY(sys::read_file(root.fd(), path, most_bytes));
    if (content.empty())
        return std::move(*task); // the machine failed before it was on the disk: its name says all that counts
    auto data = text::read_fnl(content, path);
    if (!data || !data->table()) {
        task->last_error = data ? path + ": not a table" : data.error().message;
        return std::move(*task);
    }
    auto instant = [&](const char* key) { return parse_instant(data->string_or(key, "")).value_or(0); };
    task->attempts = static_cast<uint64_t>(std::max<int64_t>(data->integer_or("attempts", 0), 0));
    task->added_at = instant("added-at");
    task->not_before = instant("not-before");
    task->last_error = data->string_or("last-error", "");
    return std::move(*task);
}

Result<std::vector<Task>> list_tasks(const Root& root, TaskPlace place)
{
    std::vector<Task> tasks;
    auto names = sys::list_directory(root.fd(), directory_of(place));
    if (!names && names.error().kind == ErrorKind::not_found)
        return tasks;
    for (const std::string& name : TRY(std::move(names))) {
        if (!parse_task_id(name))
            continue;
        auto task = read_task(root, place, name);
        if (task)
            tasks.push_back(std::move(*task));
        else if (task.error().kind != ErrorKind::not_found) { // otherwise it was completed meanwhile
            tasks.push_back(*parse_task_id(name));
            tasks.back().last_error = task.error().message;
        }
    }
    return tasks;
}

Result<void> add_task(const Root& root, Task task, Durability durability)
{
    std::string id = task.id();
    if (sys::exists(root.fd(), path_of(TaskPlace::waiting, id)))
        return {};
    if (task.added_at == 0)
        task.added_at = now();
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::queue_tasks));
    std::string content = text::write_fnl(to_data(task));
    if (durability == Durability::unsynced)
        return sys::replace_file_unsynced(directory.get(), id, content);
    return sys::replace_file(directory.get(), id, content);
}

Result<bool> claim_task(const Root& root, const Task& task)
{
    std::string id = task.id();
    auto moved =
        sys::rename_noreplace(root.fd(), path_of(TaskPlace::waiting, id), root.fd(), path_of(TaskPlace::active, id));
    if (moved)
        return true;
    if (moved.error().kind == ErrorKind::not_found || moved.error().kind == ErrorKind::exists)
        return false;
    return Unexpected(std::move(moved).error());
}

Result<void> rewrite_task(const Root& root, const Task& task)
{
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::queue_tasks));
    return sys::replace_file(directory.get(), task.id(), text::write_fnl(to_data(task)));
}

Result<void> give_back_task(const Root& root, const Task& task)
{
    // In this order, a crash in between leaves the task in both places, which repeats it, but never in neither.
    TRY(rewrite_task(root, task));
    return drop_task(root, TaskPlace::active, task);
}

Result<void> drop_task(const Root& root, TaskPlace place, const Task& task)
{
    auto removed = sys::unlink_at(root.fd(), path_of(place, task.id()));
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return removed;
    return {};
}

} // namespace quire::store
