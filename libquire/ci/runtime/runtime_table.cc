#include "ci/runtime/runtime_table.h"

#include <algorithm>

#include "base/strings.h"
#include "ci/language/options.h"
#include "lua/call.h"
#include "lua/convert.h"

namespace quire::ci {

static const luaL_Reg* const groups[] = {sh_functions, input_functions, file_functions, pure_functions};

const std::vector<std::string>& runtime_names()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        for (const luaL_Reg* group : groups)
            for (const luaL_Reg* entry = group; entry->name; ++entry)
                result.push_back(entry->name);
        std::sort(result.begin(), result.end());
        return result;
    }();
    return names;
}

std::string fennel_global(const std::string& name)
{
    std::string mangled;
    bool plain = true;
    for (char byte : name) {
        bool word = std::isalnum(static_cast<unsigned char>(byte)) != 0;
        plain = plain && (word || byte == '_');
        mangled += word ? std::string(1, byte) : fmt::format("_{:02x}", static_cast<unsigned char>(byte));
    }
    return plain ? name : "__fnl_global__" + mangled;
}

static void push_functions(lua_State* lua)
{
    lua_newtable(lua);
    for (const luaL_Reg* group : groups)
        luaL_setfuncs(lua, group, 0);
}

/// runtime.inputs: the outputs of the job's direct inputs, by name.
static void push_inputs(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    const Job& job = runtime.job_of(runtime.current(lua));
    lua_createtable(lua, 0, static_cast<int>(job.inputs.size()));
    for (const Input& input : job.inputs)
        if (auto outputs = runtime.read_outputs(job, input.name)) {
            lua::push_data(lua, **outputs);
            lua_setfield(lua, -2, input.name.c_str());
        }
}

static int index_runtime(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    if (!runtime.may_look())
        lua::raise(lua, outside_message);
    lua_settop(lua, 2);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    std::string name = lua_type(lua, 2) == LUA_TSTRING ? lua::to_string(lua, 2) : "?";
    if (name == "inputs" && runtime.in_job()) {
        push_inputs(lua);
        return 1;
    }
    auto close = nearest(name, runtime_names());
    lua::raise(lua, fmt::format("runtime has no '{}'{}; it has {}", name,
                                close ? fmt::format(", did you mean '{}'?", *close) : "", join(runtime_names(), " ")));
}

static int refuse_change(lua_State* lua) { lua::raise(lua, "runtime can't be changed"); }

void push_runtime_table(lua_State* lua)
{
    lua_newtable(lua);
    lua_createtable(lua, 0, 3);
    push_functions(lua);
    lua_pushcclosure(lua, index_runtime, 1);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, refuse_change);
    lua_setfield(lua, -2, "__newindex");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
}

void set_runtime_globals(lua_State* lua)
{
    for (const luaL_Reg* group : groups)
        for (const luaL_Reg* entry = group; entry->name; ++entry) {
            lua_pushcfunction(lua, entry->func);
            lua_setglobal(lua, fennel_global(entry->name).c_str());
        }
}

lua_Integer check_list(lua_State* lua, int index, const char* what)
{
    auto length = list_length(lua, index);
    if (!length)
        lua::raise(lua, fmt::format("{} {}", what, length.error().message));
    return *length;
}

std::string check_text(lua_State* lua, int index, const char* what)
{
    if (lua_type(lua, index) != LUA_TSTRING)
        lua::raise(lua, fmt::format("{} must be a string, not {}", what,
                                    lua_isnoneornil(lua, index) ? "nil" : luaL_typename(lua, index)));
    std::string text = lua::to_string(lua, index);
    if (text.find('\0') != std::string::npos)
        lua::raise(lua, fmt::format("{} has a NUL byte in it", what));
    return text;
}

} // namespace quire::ci
