// Read-only modules that answer a misspelt name by suggesting the right one.
#include <algorithm>

#include "base/strings.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "lua/sandbox.h"

namespace quire::lua {

/// Upvalues: the module's name and its table.
static int index_sealed(lua_State* lua)
{
    lua_settop(lua, 2);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, lua_upvalueindex(2)) != LUA_TNIL)
        return 1;
    std::vector<std::string> names;
    for (lua_pushnil(lua); lua_next(lua, lua_upvalueindex(2)) != 0; lua_pop(lua, 1))
        if (lua_type(lua, -2) == LUA_TSTRING)
            names.push_back(to_string(lua, -2));
    std::sort(names.begin(), names.end());
    std::string key = lua_type(lua, 2) == LUA_TSTRING ? to_string(lua, 2) : luaL_typename(lua, 2);
    auto close = nearest(key, names);
    raise(lua, fmt::format("{} has no '{}'{}; it has {}", to_string(lua, lua_upvalueindex(1)), key,
                           close ? fmt::format(", did you mean '{}'?", *close) : "", join(names, " ")));
}

static int refuse_change(lua_State* lua)
{
    raise(lua, fmt::format("{} can't be changed", to_string(lua, lua_upvalueindex(1))));
}

int sealed(lua_State* lua)
{
    luaL_checkstring(lua, 1);
    luaL_checktype(lua, 2, LUA_TTABLE);
    lua_settop(lua, 2);
    lua_newtable(lua);
    lua_createtable(lua, 0, 3);
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, 2);
    lua_pushcclosure(lua, index_sealed, 2);
    lua_setfield(lua, -2, "__index");
    lua_pushvalue(lua, 1);
    lua_pushcclosure(lua, refuse_change, 1);
    lua_setfield(lua, -2, "__newindex");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
    return 1;
}

} // namespace quire::lua
