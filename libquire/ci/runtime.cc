#include "ci/runtime.h"

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"
#include "ci/graph.h"
#include "lua/convert.h"

namespace quire::ci {

using text::Data;

/// Two streams as large as sh returns them, and some.
constexpr lua::DataLimits output_limits{.bytes = 40u << 20, .depth = 32};

struct Runtime::Task {
    uint64_t id = 0;
    size_t job = 0;
    uint64_t parent = 0;           ///< the task whose (parallel …) this is a branch of; 0: none
    lua_State* thread = nullptr;
    int reference = LUA_NOREF;
    Ended ended;
    bool turning = false;          ///< its coroutine is on the C stack
    std::optional<Push> answer;    ///< came before it had yielded
    std::vector<uint64_t> branches;///< to be started once it has yielded, in order
    size_t running = 0;            ///< branches that have not ended
    int results = LUA_NOREF;       ///< table of the branches' results
    std::string branch_failure;    ///< what the first one that raised said
    size_t position = 0;           ///< among the parent's branches, from 1
};

static const char runtime_key = 0;

Runtime::Runtime(lua::State& state, const Chunks& chunks, const Pipeline& pipeline, int64_t slice_limit)
    : m_state(state), m_chunks(chunks), m_pipeline(pipeline), m_slice_limit(slice_limit)
{
    lua::Failure failure;
    auto body = [&](lua_State* lua) {
        lua_pushlightuserdata(lua, this);
        lua_rawsetp(lua, LUA_REGISTRYINDEX, &runtime_key);
        return 0;
    };
    lua::protect(state.get(), body, 0, failure);
}

Runtime::~Runtime() = default;

Runtime& Runtime::of(lua_State* lua)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &runtime_key);
    auto* runtime = static_cast<Runtime*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    return *runtime;
}

Runtime::Task& Runtime::current(lua_State* lua)
{
    if (!m_current)
        lua::raise(lua, outside_message);
    return *m_current;
}

const Job& Runtime::job_of(const Task& task) const { return m_pipeline.jobs[task.job]; }

void Runtime::set_outputs(const std::string& job, Data outputs) { m_outputs.insert_or_assign(job, std::move(outputs)); }

void Runtime::set_source(const std::string& source, Data facts) { m_sources.insert_or_assign(source, std::move(facts)); }

static const Data* find_in(const std::map<std::string, Data>& map, const std::string& key)
{
    static const Data nothing;
    auto found = map.find(key);
    return found == map.end() ? &nothing : &found->second;
}

Result<const Data*> Runtime::read_outputs(const Job& job, const std::string& name) const
{
    static const Data nothing;
    auto behind = [&](const Input& input) -> const Data* {
        if (input.kind == Input::Kind::push)
            return find_in(m_sources, push_source);
        if (input.is_source())
            return find_in(m_sources, input.source);
        if (input.kind != Input::Kind::output)
            return find_in(m_outputs, input.name);
        const Data* value = find_in(m_outputs, input.upstream)->find(input.key);
        return value ? value : &nothing;
    };
    if (name == job.id)
        return fail(ErrorKind::invalid, "job '{}' asked for its own outputs, which are not there before it has ended", name);
    for (const Input& input : job.inputs)
        if (input.name == name)
            return behind(input);
    std::set<std::string> above = ancestors(m_pipeline, job.id);
    if (above.contains(name))
        return find_in(m_outputs, name);
    for (const std::string& id : above)
        if (const Job* ancestor = m_pipeline.find(id))
            for (const Input& input : ancestor->inputs)
                if (input.is_source() && input.name == name)
                    return behind(input);
    if (m_pipeline.find(name) || name == push_source)
        return fail(ErrorKind::invalid, "'{}' is not among the inputs of job '{}', direct or indirect; add :{} to its inputs", name,
                    job.id, name);
    std::set<std::string> visible = visible_names(m_pipeline, job.id);
    std::vector<std::string> names(visible.begin(), visible.end());
    auto close = nearest(name, names);
    return fail(ErrorKind::invalid, "job '{}' has no input '{}'{}; it can read :{}", job.id, name,
                close ? fmt::format(", did you mean ':{}'?", *close) : "", join(names, ", :"));
}

uint64_t Runtime::add_task(lua_State* lua, size_t job, uint64_t parent)
{
    auto task = std::make_unique<Task>();
    task->id = m_next++;
    task->job = job;
    task->parent = parent;
    task->thread = lua_newthread(lua);
    task->reference = luaL_ref(lua, LUA_REGISTRYINDEX);
    uint64_t id = task->id;
    m_tasks.emplace(id, std::move(task));
    return id;
}

void Runtime::start(const std::string& id, Ended ended)
{
    const Job* job = m_pipeline.find(id);
    auto index = static_cast<size_t>(job - m_pipeline.jobs.data());
    uint64_t task = 0;
    lua::Failure failure;
    auto body = [&](lua_State* lua) {
        task = add_task(lua, index, 0);
        lua_State* thread = m_tasks.at(task)->thread;
        lua_rawgeti(lua, LUA_REGISTRYINDEX, job->function);
        lua_xmove(lua, thread, 1);
        return 0;
    };
    if (!lua::protect(m_state.get(), body, 0, failure)) {
        ended({JobOutcome::End::failed, failure.message, "", {}});
        return;
    }
    m_tasks.at(task)->ended = std::move(ended);
    resume(task, [](lua_State* lua) {
        lua_getglobal(lua, "runtime");
        return 1;
    });
}

void Runtime::abandon(const std::string& id)
{
    std::erase_if(m_tasks, [&](auto& entry) {
        Task& task = *entry.second;
        if (m_pipeline.jobs[task.job].id != id || task.turning)
            return false;
        luaL_unref(m_state.get(), LUA_REGISTRYINDEX, task.reference);
        luaL_unref(m_state.get(), LUA_REGISTRYINDEX, task.results);
        return true;
    });
}

void Runtime::answer(uint64_t id, Push push)
{
    auto found = m_tasks.find(id);
    if (found == m_tasks.end())
        return; // abandoned meanwhile
    if (found->second->turning)
        found->second->answer = std::move(push);
    else
        resume(id, std::move(push));
}

void Runtime::resume(uint64_t id, Push push)
{
    Task& task = *m_tasks.at(id);
    std::optional<Push> next = std::move(push);
    while (next) {
        Push now = std::move(*next);
        next.reset();
        if (!step(task, now))
            return; // the task may be gone
        next = std::exchange(task.answer, std::nullopt);
    }
    // It waits. Branches begin now that it has yielded; one that ends at once may end the task.
    for (uint64_t branch : std::exchange(task.branches, {}))
        if (m_tasks.contains(branch))
            resume(branch, [](lua_State*) { return 0; });
}

bool Runtime::step(Task& task, const Push& push)
{
    lua_State* main = m_state.get();
    lua::Failure failure;
    int bottom = lua_gettop(main);
    m_state.start_clock(m_slice_limit, "a run-fn, without calling anything,");
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
    m_state.stop_clock();
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
        return finish(task, {JobOutcome::End::failed,
                             fmt::format("{}: job '{}' returned a {}; a run-fn returns a table of outputs, or nil to be skipped",
                                         to_string(run_place(job)), job.id, luaL_typename(thread, -1)), "", {}});
    auto outputs = lua::to_data(thread, -1, "outputs", output_limits);
    if (!outputs)
        return finish(task, {JobOutcome::End::failed,
                             fmt::format("{}: job '{}' returned what is not plain data: {}", to_string(run_place(job)), job.id,
                                         outputs.error().message), "", {}});
    const Data* exit = outputs->find("exit");
    if (exit && exit->integer() && *exit->integer() != 0) {
        outcome.end = JobOutcome::End::failed;
        outcome.reason = fmt::format("exit code {}", *exit->integer());
    } else if (exit && exit->number() && *exit->number() != 0) {
        outcome.end = JobOutcome::End::failed;
        outcome.reason = fmt::format("exit code {}", *exit->number());
    }
    outcome.outputs = *std::move(outputs);
    finish(task, std::move(outcome));
}

SourcePlace Runtime::run_place(const Job& job) const
{
    SourcePlace place;
    lua::Failure failure;
    auto body = [&](lua_State* lua) {
        lua_rawgeti(lua, LUA_REGISTRYINDEX, job.function);
        place = m_chunks.function_place(lua);
        return 0;
    };
    lua::protect(m_state.get(), body, 0, failure);
    return place.position.line != 0 ? place : job.place;
}

void Runtime::raised(Task& task)
{
    lua_State* main = m_state.get();
    std::string message, frames;
    lua::Failure failure;
    m_state.start_clock(nanoseconds_per_second, "describing an error");
    auto body = [&](lua_State* lua) {
        frames = lua::traceback_of(task.thread, 0);
        lua_xmove(task.thread, lua, 1);
        message = lua::describe_error(lua, -1);
        return 0;
    };
    if (!lua::protect(main, body, 0, failure))
        message = failure.message;
    m_state.stop_clock();
    // In tail position a caller leaves no trace: then the run-fn itself is the place.
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
    luaL_unref(m_state.get(), LUA_REGISTRYINDEX, task.reference);
    m_tasks.erase(task.id);
    ended(std::move(outcome));
}

int Runtime::yield_for_sh(lua_State* lua, Task& task, ShRequest request)
{
    uint64_t id = task.id;
    std::string shown = request.shown;
    m_host->start_sh(job_of(task).id, std::move(request), [this, id, shown](Result<ShResult> result) {
        answer(id, [result = std::move(result), shown](lua_State* inner) {
            if (!result) {
                lua_pushnil(inner);
                lua_pushlstring(inner, result.error().message.data(), result.error().message.size());
                return 2;
            }
            lua_createtable(inner, 0, 6);
            lua_pushinteger(inner, result->exit);
            lua_setfield(inner, -2, "exit");
            lua_pushlstring(inner, result->out.data(), result->out.size());
            lua_setfield(inner, -2, "stdout");
            lua_pushlstring(inner, result->err.data(), result->err.size());
            lua_setfield(inner, -2, "stderr");
            lua_pushlstring(inner, shown.data(), shown.size());
            lua_setfield(inner, -2, "cmd");
            lua_pushnumber(inner, static_cast<double>(result->duration) / static_cast<double>(nanoseconds_per_second));
            lua_setfield(inner, -2, "duration");
            for (auto [key, value] : {std::pair("truncated", result->truncated), std::pair("timed-out", result->timed_out)})
                if (value) {
                    lua_pushboolean(inner, 1);
                    lua_setfield(inner, -2, key);
                }
            return 1;
        });
    });
    return lua_yieldk(lua, 0, 0, [](lua_State* inner, int, lua_KContext) {
        if (lua_isnil(inner, -2) && lua_type(inner, -1) == LUA_TSTRING)
            lua::raise(inner, lua::to_string(inner, -1));
        return 1;
    });
}

int Runtime::yield_for_branches(lua_State* lua, Task& task, int first)
{
    int count = lua_gettop(lua) - first + 1;
    lua_createtable(lua, count, 0);
    task.results = luaL_ref(lua, LUA_REGISTRYINDEX);
    task.running = static_cast<size_t>(count);
    task.branch_failure.clear();
    for (int i = 0; i < count; ++i) {
        Task& branch = *m_tasks.at(add_task(lua, task.job, task.id));
        branch.position = static_cast<size_t>(i) + 1;
        lua_pushvalue(lua, first + i);
        lua_xmove(lua, branch.thread, 1);
        task.branches.push_back(branch.id);
    }
    return lua_yieldk(lua, 0, 0, [](lua_State* inner, int, lua_KContext) {
        if (lua_type(inner, -1) == LUA_TSTRING) {
            // The branch's own message names its place.
            return lua_error(inner);
        }
        return 1;
    });
}

void Runtime::finish_branch(Task& task, bool failed)
{
    auto found = m_tasks.find(task.parent);
    Task* parent = found == m_tasks.end() ? nullptr : found->second.get();
    if (parent && !failed) {
        lua::Failure failure;
        auto body = [&](lua_State* lua) {
            lua_rawgeti(lua, LUA_REGISTRYINDEX, parent->results);
            lua_xmove(task.thread, lua, 1);
            lua_rawseti(lua, -2, static_cast<lua_Integer>(task.position));
            return 0;
        };
        if (!lua::protect(m_state.get(), body, 0, failure) && parent->branch_failure.empty())
            parent->branch_failure = failure.message;
    }
    luaL_unref(m_state.get(), LUA_REGISTRYINDEX, task.reference);
    m_tasks.erase(task.id);
    if (!parent || --parent->running > 0)
        return;
    answer(parent->id, [message = parent->branch_failure, results = std::exchange(parent->results, LUA_NOREF)](lua_State* lua) {
        if (message.empty())
            lua_rawgeti(lua, LUA_REGISTRYINDEX, results);
        else
            lua_pushlstring(lua, message.data(), message.size());
        luaL_unref(lua, LUA_REGISTRYINDEX, results);
        return 1;
    });
}

} // namespace quire::ci
