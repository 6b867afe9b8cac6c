// What a run-fn can wait for: a command, or the branches of a (parallel …).
#include "base/time.h"
#include "ci/runtime/runtime_task.h"
#include "lua/convert.h"

namespace quire::ci {

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
            if (!result->killed.empty()) {
                lua_pushlstring(inner, result->killed.data(), result->killed.size());
                lua_setfield(inner, -2, "killed");
            }
            for (auto [key, value] :
                 {std::pair("truncated", result->truncated), std::pair("timed-out", result->timed_out)})
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
        Task& branch = *m_tasks.at(add_task(task.machine, task.job, task.id));
        branch.position = static_cast<size_t>(i) + 1;
        lua_pushvalue(lua, first + i);
        lua_xmove(lua, branch.thread, 1);
        task.branches.push_back(branch.id);
    }
    return lua_yieldk(lua, 0, 0, [](lua_State* inner, int, lua_KContext) {
        if (lua_type(inner, -1) == LUA_TSTRING) {
            // The branch's message has its own place.
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
        if (!lua::protect(task.machine->get(), body, 0, failure) && parent->branch_failure.empty())
            parent->branch_failure = failure.message;
    }
    luaL_unref(task.machine->get(), LUA_REGISTRYINDEX, task.reference);
    m_tasks.erase(task.id);
    if (!parent || --parent->running > 0)
        return;
    answer(parent->id,
           [message = parent->branch_failure, results = std::exchange(parent->results, LUA_NOREF)](lua_State* lua) {
               if (message.empty())
                   lua_rawgeti(lua, LUA_REGISTRYINDEX, results);
               else
                   lua_pushlstring(lua, message.data(), message.size());
               luaL_unref(lua, LUA_REGISTRYINDEX, results);
               return 1;
           });
}

} // namespace quire::ci
