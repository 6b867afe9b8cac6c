// What comes into a job and goes out of it beside commands: jobs, secret, mask, env, log, artifact.
#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"

namespace quire::ci {

/// (jobs name) → the outputs of an ancestor, or the facts of a source
static int jobs(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    auto outputs = runtime.read_outputs(job, check_text(lua, 1, "jobs: the name"));
    if (!outputs)
        lua::raise(lua, outputs.error().message);
    lua::push_data(lua, **outputs);
    return 1;
}

static int secret(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    auto value = runtime.host().secret(job.id, check_text(lua, 1, "secret: the name"));
    if (!value)
        lua::raise(lua, value.error().message);
    lua_pushlstring(lua, value->data(), value->size());
    return 1;
}

/// (mask value) → the value, which logs, events and outputs show as redacted from now on
static int mask(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    if (lua_type(lua, 1) != LUA_TSTRING)
        lua::raise(lua, fmt::format("mask takes a string, not a {}", luaL_typename(lua, 1)));
    runtime.host().mask(job.id, lua::to_string(lua, 1));
    lua_settop(lua, 1);
    return 1;
}

static int env(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    runtime.current(lua);
    auto value = runtime.host().variable(check_text(lua, 1, "env: the name"));
    if (!value)
        return 0;
    lua_pushlstring(lua, value->data(), value->size());
    return 1;
}

/// (log …): like print, into the job's log
static int log_values(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    std::string text;
    for (int i = 1, count = lua_gettop(lua); i <= count; ++i) {
        size_t length = 0;
        const char* value = luaL_tolstring(lua, i, &length);
        text.append(i > 1 ? " " : "").append(value, length);
        lua_pop(lua, 1);
    }
    runtime.host().log(job.id, text);
    return 0;
}

/// (artifact glob) → what was kept
static int artifact(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    auto kept = runtime.host().keep_artifacts(job.id, check_text(lua, 1, "artifact: the pattern"));
    if (!kept)
        lua::raise(lua, kept.error().message);
    lua::push_data(lua, *kept);
    return 1;
}

static std::vector<std::string> check_paths(lua_State* lua, int index)
{
    std::vector<std::string> paths;
    lua_Integer count = lua_type(lua, index) == LUA_TTABLE ? static_cast<lua_Integer>(lua_rawlen(lua, index)) : 0;
    for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(lua, index, i);
        paths.push_back(check_text(lua, -1, "cache: a path"));
        lua_pop(lua, 1);
    }
    if (paths.empty())
        lua::raise(lua, "cache: :paths must be a list of paths");
    return paths;
}

static int cache_restore(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    auto found = runtime.host().restore_cache(job.id, check_text(lua, 1, "cache: :key"), check_paths(lua, 2));
    if (!found)
        lua::raise(lua, found.error().message);
    lua_pushboolean(lua, *found);
    return 1;
}

static int cache_save(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    auto saved = runtime.host().save_cache(job.id, check_text(lua, 1, "cache: :key"), check_paths(lua, 2));
    if (!saved)
        lua::raise(lua, saved.error().message);
    return 0;
}

const luaL_Reg input_functions[] = {{"jobs", jobs},      {"secret", secret},     {"mask", mask},    {"env", env},
                                    {"log", log_values}, {"artifact", artifact}, {nullptr, nullptr}};
const luaL_Reg hidden_functions[] = {{"cache-restore", cache_restore}, {"cache-save", cache_save}, {nullptr, nullptr}};

} // namespace quire::ci
