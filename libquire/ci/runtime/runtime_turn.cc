// One turn of a run-fn, and the end of a job whose coroutine has returned or raised.
#include <algorithm>

#include "base/time.h"
#include "ci/runtime/runtime_task.h"
#include "lua/convert.h"

namespace quire::ci {

using text::Data;

/// Room for two streams as large as sh returns them, and some more.
constexpr lua::DataLimits output_limits{.bytes = 40u << 20, .depth = 32};

bool Runtime::step(Task& task, const Push& push)
{
    lua::State& machine = *task.machine;
    lua_State* main = machine.get();
    lua::Failure failure;
    int bottom = lua_gettop(main);
    machine.start_clock(m_slice_limit, "a run-fn, without calling anything,");
    Task* outer = std::exchange(m_current, &task);
    task.turning = true;
    int status = LUA_ERRRUN, results = 0;
    if (lua::protect(main, push, LUA_MULTRET, failure)) {
        int count = lua_gettop(main) - bottom;
        lua_checkstack(task.thread, count + LUA_MINSTACK);
        lua_xmove(main, task.thread, count);
        status = lua_resume(task.thread, main, count, &results);
    }
    task.turning = false;
    m_current = outer;
    machine.stop_clock();
    if (!failure.message.empty()) {
        failed(task, failure.message, "");
        return false;
    }
    if (status == LUA_YIELD) {
        lua_pop(task.thread, results);
        return true;
    }
    if (status == LUA_OK)
        returned(task, results);
    else
        raised(task);
    return false;
}

void Runtime::returned(Task& task, int results)
{
    lua_State* thread = task.thread;
    lua_settop(thread, lua_gettop(thread) - std::max(0, results - 1)); // only the first value counts
    if (results == 0 && lua_checkstack(thread, 1))
        lua_pushnil(thread);
    if (task.parent != 0)
        return finish_branch(task, false);
    const Job& job = m_pipeline.jobs[task.job];
    JobOutcome outcome;
    if (lua_isnil(thread, -1))
        return finish(task, {JobOutcome::End::skipped, "its run-fn returned nil", "", {}});
    if (!lua_istable(thread, -1))
        return finish(
            task, {JobOutcome::End::failed,
                   fmt::format("{}: job '{}' returned a {}; a run-fn returns a table of outputs, or nil to be skipped",
                               to_string(run_place(job)), job.id, luaL_typename(thread, -1)),
                   "",
                   {}});
    auto outputs = lua::to_data(thread, -1, "outputs", output_limits);
    if (!outputs)
        return finish(task, {JobOutcome::End::failed,
                             fmt::format("{}: job '{}' returned what is not plain data: {}", to_string(run_place(job)),
                                         job.id, outputs.error().message),
                             "",
                             {}});
    const Data* exit = outputs->find("exit");
    if (exit && exit->integer() && *exit->integer() != 0) {
        outcome.end = JobOutcome::End::failed;
        const Data* timed_out = outputs->find("timed-out");
        const Data* duration = outputs->find("duration");
        outcome.reason = timed_out && timed_out->boolean() && duration && duration->number()
                             ? fmt::format("timed out after {:.3g} s", *duration->number())
                             : fmt::format("exit code {}", *exit->integer());
        if (std::string killed = outputs->string_or("killed", ""); !killed.empty())
            outcome.reason += fmt::format("; {}", killed);
    } else if (exit && exit->number() && *exit->number() != 0) {
        outcome.end = JobOutcome::End::failed;
        outcome.reason = fmt::format("exit code {}", *exit->number());
    }
    outcome.outputs = *std::move(outputs);
    finish(task, std::move(outcome));
}

SourcePlace Runtime::run_place(const Job& job) { return job.run_place.position.line != 0 ? job.run_place : job.place; }

void Runtime::raised(Task& task)
{
    lua_State* main = task.machine->get();
    std::string message, frames;
    lua::Failure failure;
    task.machine->start_clock(nanoseconds_per_second, "describing an error");
    auto body = [&](lua_State* lua) {
        frames = lua::traceback_of(task.thread, 0);
        lua_xmove(task.thread, lua, 1);
        message = lua::describe_error(lua, -1);
        return 0;
    };
    if (!lua::protect(main, body, 0, failure))
        message = failure.message;
    task.machine->stop_clock();
    // After a tail call the caller is not on the stack; then the place of the run-fn is used.
    bool has_place = message.starts_with(lua::sentinel) || message.starts_with(".quire/");
    std::string reason = m_chunks.rewrite(message);
    if (!has_place)
        reason = fmt::format("{}: {}", to_string(run_place(m_pipeline.jobs[task.job])), reason);
    failed(task, std::move(reason), m_chunks.rewrite(frames));
}

void Runtime::failed(Task& task, std::string reason, std::string traceback)
{
    if (task.parent != 0) {
        auto parent = m_tasks.find(task.parent);
        if (parent != m_tasks.end() && parent->second->branch_failure.empty())
            parent->second->branch_failure = reason;
        return finish_branch(task, true);
    }
    finish(task, {JobOutcome::End::failed, std::move(reason), std::move(traceback), {}});
}

void Runtime::finish(Task& task, JobOutcome outcome)
{
    Ended ended = std::move(task.ended);
    luaL_unref(task.machine->get(), LUA_REGISTRYINDEX, task.reference);
    m_tasks.erase(task.id);
    ended(std::move(outcome));
}

} // namespace quire::ci
