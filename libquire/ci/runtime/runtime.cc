#include "ci/runtime/runtime.h"

#include "ci/runtime/runtime_task.h"

namespace quire::ci {

static const char runtime_key = 0;

Runtime::Runtime(const Chunks& chunks, const Pipeline& pipeline, int64_t slice_limit, Boot boot)
    : m_chunks(chunks), m_pipeline(pipeline), m_slice_limit(slice_limit), m_boot(std::move(boot))
{}

void Runtime::bind(lua_State* lua)
{
    lua_pushlightuserdata(lua, this);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &runtime_key);
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

uint64_t Runtime::add_task(std::shared_ptr<lua::State> machine, size_t job, uint64_t parent)
{
    auto task = std::make_unique<Task>();
    task->id = m_next++;
    task->job = job;
    task->parent = parent;
    task->thread = lua_newthread(machine->get());
    task->reference = luaL_ref(machine->get(), LUA_REGISTRYINDEX);
    task->machine = std::move(machine);
    uint64_t id = task->id;
    m_tasks.emplace(id, std::move(task));
    return id;
}

void Runtime::start(const std::string& id, Ended ended)
{
    const Job* job = m_pipeline.find(id);
    auto index = static_cast<size_t>(job - m_pipeline.jobs.data());
    auto booted = m_boot(*job);
    if (!booted) {
        ended({JobOutcome::End::failed, booted.error().message, "", {}});
        return;
    }
    auto machine = std::make_shared<lua::State>(std::move(*booted));
    lua_State* main = machine->get();
    uint64_t task = 0;
    lua::Failure failure;
    // Moves the run-fn from the machine's own stack to the task's.
    int function = lua_gettop(main);
    auto body = [&](lua_State*) {
        task = add_task(machine, index, 0);
        return 0;
    };
    if (!lua::protect(main, body, 0, failure)) {
        ended({JobOutcome::End::failed, failure.message, "", {}});
        return;
    }
    lua_settop(main, function);
    lua_xmove(main, m_tasks.at(task)->thread, 1);
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
        luaL_unref(task.machine->get(), LUA_REGISTRYINDEX, task.reference);
        luaL_unref(task.machine->get(), LUA_REGISTRYINDEX, task.results);
        return true;
    });
}

void Runtime::answer(uint64_t id, Push push)
{
    auto found = m_tasks.find(id);
    if (found == m_tasks.end())
        return; // it was abandoned meanwhile
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
            return; // the task may be destroyed
        next = std::exchange(task.answer, std::nullopt);
    }
    // The task waits. Its branches start now that it has yielded; if one ends at once, the task may end too.
    for (uint64_t branch : std::exchange(task.branches, {}))
        if (m_tasks.contains(branch))
            resume(branch, [](lua_State*) { return 0; });
}

} // namespace quire::ci
