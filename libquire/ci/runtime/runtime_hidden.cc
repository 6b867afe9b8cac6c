// Functions for quire's own modules under fennel/: push-mirror, cache-restore, cache-save, check-options, check-list,
// seconds.
#include <algorithm>

#include "base/time.h"
#include "ci/language/options.h"
#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"

namespace quire::ci {

static std::vector<std::string> check_paths(lua_State* lua, int index)
{
    std::vector<std::string> paths;
    lua_Integer count = check_list(lua, index, "cache: :paths");
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

/// (check-options recipe options names) raises an error if `options` has other keys.
static int check_options(lua_State* lua)
{
    std::string recipe = lua::to_string(lua, 1);
    if (lua_type(lua, 2) != LUA_TTABLE)
        lua::raise(lua, fmt::format("{} takes a table of options, not {}", recipe, lua::describe_type(lua, 2)));
    std::vector<std::string> known;
    for (lua_Integer i = 1, count = static_cast<lua_Integer>(lua_rawlen(lua, 3)); i <= count; ++i) {
        lua_rawgeti(lua, 3, i);
        known.push_back(lua::to_string(lua, -1));
        lua_pop(lua, 1);
    }
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
        if (lua_type(lua, -2) != LUA_TSTRING)
            lua::raise(lua, fmt::format("{}: its options are names and values, such as {{:{} …}}", recipe, known[0]));
        std::string key = lua::to_string(lua, -2);
        if (std::find(known.begin(), known.end(), key) == known.end())
            lua::raise(lua, unknown_option(recipe, key, known));
    }
    return 0;
}

/// (check-list what value) returns the list's length.
static int check_list_value(lua_State* lua)
{
    lua_pushinteger(lua, check_list(lua, 2, luaL_checkstring(lua, 1)));
    return 1;
}

/// (seconds what value) returns a duration in seconds, from any of its spellings.
static int seconds(lua_State* lua)
{
    auto duration = read_duration(lua, 2);
    if (!duration)
        lua::raise(lua, fmt::format("{} {}", luaL_checkstring(lua, 1), duration.error().message));
    lua_pushnumber(lua, static_cast<double>(*duration) / static_cast<double>(nanoseconds_per_second));
    return 1;
}

/// (push-mirror options) → as sh
static int push_mirror(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    Runtime::Task& task = runtime.current(lua);
    if (!lua_isyieldable(lua))
        lua::raise(lua, "mirror can't be called here: a sort, a gsub or a metamethod is waiting for its caller");
    auto options = lua::to_data(lua, 1, "mirror");
    if (!options)
        lua::raise(lua, options.error().message);
    auto request = runtime.host().mirror(runtime.job_of(task).id, *options);
    if (!request)
        lua::raise(lua, request.error().message);
    return runtime.yield_for_sh(lua, task, *std::move(request));
}

const luaL_Reg hidden_functions[] = {{"push-mirror", push_mirror},
                                     {"cache-restore", cache_restore},
                                     {"cache-save", cache_save},
                                     {"check-options", check_options},
                                     {"check-list", check_list_value},
                                     {"seconds", seconds},
                                     {nullptr, nullptr}};

} // namespace quire::ci
