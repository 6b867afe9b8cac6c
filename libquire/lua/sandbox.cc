#include "lua/sandbox.h"

#include "lua/call.h"
#include "lua/state.h"

namespace quire::lua {

static int safe_setmetatable(lua_State* lua)
{
    int type = lua_type(lua, 2);
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_argexpected(lua, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL)
        return luaL_error(lua, "cannot change a protected metatable");
    if (type == LUA_TTABLE) {
        lua_pushliteral(lua, "__gc");
        if (lua_rawget(lua, 2) != LUA_TNIL)
            return luaL_error(lua, "__gc is not available in a pipeline");
        lua_pop(lua, 1);
    }
    lua_settop(lua, 2);
    lua_setmetatable(lua, 1);
    return 1;
}

/// Rewrites the error on top of the stack: chunk names are markers (lua/call.h), which people could not read.
static void rewrite_places(lua_State* lua)
{
    Budget& budget = budget_of(lua);
    if (lua_type(lua, -1) != LUA_TSTRING || !budget.rewrite)
        return;
    size_t length = 0;
    const char* text = lua_tolstring(lua, -1, &length);
    std::string_view message(text, length);
    if (length > (64u << 10) || message.find(sentinel) == message.npos)
        return;
    std::string rewritten = budget.rewrite(message);
    lua_pop(lua, 1);
    lua_pushlstring(lua, rewritten.data(), rewritten.size());
}

/// Returns what pcall and xpcall return: true and the results, or false and the error. `extra` values lie below.
static int finish_pcall(lua_State* lua, int status, lua_KContext extra)
{
    if (status != LUA_OK && status != LUA_YIELD) {
        rewrite_places(lua);
        lua_pushboolean(lua, 0);
        lua_pushvalue(lua, -2);
        return 2;
    }
    return lua_gettop(lua) - static_cast<int>(extra);
}

static int safe_pcall(lua_State* lua)
{
    check_time(lua);
    luaL_checkany(lua, 1);
    lua_pushboolean(lua, 1);
    lua_insert(lua, 1);
    int status = lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(lua, status, 0);
}

/// Runs in place of the handler (upvalue 1). An error from the clock is handled inside the hook, where no other hook
/// runs, so a handler that loops could not be stopped. So it is not called then.
static int guarded_handler(lua_State* lua)
{
    if (budget_of(lua).expired)
        return 1;
    rewrite_places(lua);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, 1);
    return 1;
}

static int safe_xpcall(lua_State* lua)
{
    check_time(lua);
    int arguments = lua_gettop(lua);
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    lua_pushvalue(lua, 2);
    lua_pushcclosure(lua, guarded_handler, 1);
    lua_replace(lua, 2);
    lua_pushboolean(lua, 1);
    lua_pushvalue(lua, 1);
    lua_rotate(lua, 3, 2); // function, handler, true, function, arguments…
    int status = lua_pcallk(lua, arguments - 2, LUA_MULTRET, 2, 2, finish_pcall);
    return finish_pcall(lua, status, 2);
}

void open_sandbox(lua_State* lua)
{
    luaL_requiref(lua, "_G", luaopen_base, 1);
    for (const char* name : {"load", "loadstring", "loadfile", "dofile", "collectgarbage", "print", "warn"}) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, name);
    }
    const luaL_Reg functions[] = {
        {"setmetatable", safe_setmetatable}, {"pcall", safe_pcall}, {"xpcall", safe_xpcall}, {nullptr, nullptr}};
    luaL_setfuncs(lua, functions, 0);
    lua_pop(lua, 1);
    luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 1);
    luaL_requiref(lua, LUA_UTF8LIBNAME, luaopen_utf8, 1);
    lua_pop(lua, 2);
    open_safe_strings(lua);
    open_safe_tables(lua);

    // Compiled code uses only package.preload (for include).
    lua_createtable(lua, 0, 2);
    for (const char* name : {"loaded", "preload"}) {
        lua_newtable(lua);
        lua_setfield(lua, -2, name);
    }
    lua_setglobal(lua, "package");
}

} // namespace quire::lua
