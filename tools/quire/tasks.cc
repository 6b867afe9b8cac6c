// tasks: lists work besides runs, and handles tasks that keep failing.
#include "base/log.h"
#include "base/strings.h"
#include "cli/table.h"
#include "deliver/mail.h"
#include "store/task.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::Task;
using store::TaskPlace;

static std::string state_of(const Task& task, TaskPlace place)
{
    if (place == TaskPlace::active)
        return "active";
    return task.attempts > 0 ? "failing" : "waiting";
}

static text::Data describe(const Task& task, TaskPlace place)
{
    text::Data data = store::to_data(task);
    data.set("id", task.id());
    data.set("state", state_of(task, place));
    return data;
}

static std::vector<std::string> row_of(const Task& task, TaskPlace place)
{
    Instant at = now();
    std::string next = task.not_before > at ? "again in " + show_duration(task.not_before - at) : "";
    return {task.id(), state_of(task, place), task.attempts > 0 ? fmt::format("{} failed", task.attempts) : "",
            place == TaskPlace::active ? "" : next, text::for_terminal(task.last_error)};
}

Result<int> verb_tasks(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    text::Data::Sequence list;
    std::vector<std::vector<std::string>> rows;
    for (TaskPlace place : {TaskPlace::active, TaskPlace::waiting})
        for (const Task& task : TRY(store::list_tasks(root, place))) {
            list.push_back(describe(task, place));
            rows.push_back(row_of(task, place));
        }
    using cli::Align;
    std::string text = rows.empty()
                           ? "nothing is to be done\n"
                           : cli::format_table(rows, {Align::left, Align::left, Align::left, Align::left, Align::left});
    TRY(cli::print(options.has("json") ? text::write_json(std::move(list)) + "\n" : text));
    return 0;
}

/// The waiting task with that id.
static Result<Task> find_waiting(const store::Root& root, const std::string& id)
{
    auto task = store::read_task(root, TaskPlace::waiting, id);
    if (task || task.error().kind != ErrorKind::not_found)
        return task;
    if (store::read_task(root, TaskPlace::active, id))
        return fail(ErrorKind::busy, "task {} is being worked on", visible(id));
    return fail(ErrorKind::not_found, "there is no task '{}'; quire tasks lists them", visible(id));
}

Result<int> verb_tasks_retry(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    Task task = TRY(find_waiting(root, options.operands()[0]));
    if (task.kind == "mail")
        TRY(deliver::hasten_mail(root));
    task.not_before = 0;
    TRY(store::rewrite_task(root, task));
    TRY(cli::print(fmt::format("task {} is due now\n", task.id())));
    return 0;
}

Result<int> verb_tasks_drop(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    Task task = TRY(find_waiting(root, options.operands()[0]));
    TRY(store::drop_task(root, TaskPlace::waiting, task));
    TRY(cli::print(fmt::format("task {} is given up\n", task.id())));
    return 0;
}

} // namespace quire::tool
