// Functions for what goes into and out of a job besides commands: jobs, secret, mask, env, log, artifact.
#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "text/fnl.h"

namespace quire::ci {

/// (jobs name) returns the outputs of an ancestor or the facts of a source.
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

/// (mask value) returns the value. From now on, logs, events and outputs show it as redacted.
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

/// A value for people to read: a table is shown as data.
static std::string shown_value(lua_State* lua, int index)
{
    bool has_text = luaL_getmetafield(lua, index, "__tostring") != LUA_TNIL;
    lua_pop(lua, has_text ? 1 : 0);
    if (lua_istable(lua, index) && !has_text)
        if (auto data = lua::to_data(lua, index, "value", {.bytes = 256u << 10, .depth = 16}))
            return text::format_fnl(*data, 0);
    luaL_tolstring(lua, index, nullptr);
    std::string shown = lua::to_string(lua, -1);
    lua_pop(lua, 1);
    return shown;
}

/// (log …) works like print, but writes into the job's log.
static int log_values(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    std::string text;
    for (int i = 1, count = lua_gettop(lua); i <= count; ++i)
        text.append(i > 1 ? " " : "").append(shown_value(lua, i));
    runtime.host().log(job.id, text);
    return 0;
}

/// (artifact glob) returns what was kept.
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

const luaL_Reg input_functions[] = {{"jobs", jobs},      {"secret", secret},     {"mask", mask},    {"env", env},
                                    {"log", log_values}, {"artifact", artifact}, {nullptr, nullptr}};

} // namespace quire::ci
