// The table library, restricted: a C function that walks 2^60 absent entries can't be interrupted.
#include "lua/call.h"
#include "lua/sandbox.h"
#include "lua/state.h"

namespace quire::lua {

/// More entries than the memory limit allows, but few enough to walk in half a second.
constexpr lua_Integer max_entries = 16 << 20;

namespace {

struct Originals {
    lua_CFunction insert, remove, move, concat, sort;
};

} // namespace

/// Lua's own functions. They have no upvalues, so they can be called in our frame.
static Originals& originals()
{
    static Originals functions{};
    return functions;
}

/// Refuses tables with __len, because a metamethod can return any length, and a different one at every call.
static void refuse_made_up_length(lua_State* lua, int index)
{
    luaL_checktype(lua, index, LUA_TTABLE);
    if (luaL_getmetafield(lua, index, "__len") != LUA_TNIL)
        luaL_error(lua, "table functions don't take a table with __len");
    check_time(lua);
}

static void check_range(lua_State* lua, lua_Integer first, lua_Integer last)
{
    // Unsigned, because the distance of two integers may not fit into a signed one.
    if (first <= last && static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first) >= max_entries)
        luaL_error(lua, "the range from %I to %I is too large", first, last);
}

static int safe_insert(lua_State* lua)
{
    refuse_made_up_length(lua, 1);
    return originals().insert(lua);
}

static int safe_remove(lua_State* lua)
{
    refuse_made_up_length(lua, 1);
    return originals().remove(lua);
}

static int safe_sort(lua_State* lua)
{
    refuse_made_up_length(lua, 1);
    return originals().sort(lua);
}

static int safe_move(lua_State* lua)
{
    check_range(lua, luaL_checkinteger(lua, 2), luaL_checkinteger(lua, 3));
    check_time(lua);
    return originals().move(lua);
}

static int safe_concat(lua_State* lua)
{
    refuse_made_up_length(lua, 1);
    lua_Integer length = static_cast<lua_Integer>(lua_rawlen(lua, 1));
    check_range(lua, luaL_optinteger(lua, 3, 1), luaL_optinteger(lua, 4, length));
    return originals().concat(lua);
}

void open_safe_tables(lua_State* lua)
{
    luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 1);
    auto original = [&](const char* name) {
        lua_getfield(lua, -1, name);
        lua_CFunction function = lua_tocfunction(lua, -1);
        lua_pop(lua, 1);
        return function;
    };
    // These are the same in every machine.
    originals() = {original("insert"), original("remove"), original("move"), original("concat"), original("sort")};
    const luaL_Reg functions[] = {{"insert", safe_insert}, {"remove", safe_remove}, {"sort", safe_sort},
                                  {"move", safe_move},     {"concat", safe_concat}, {nullptr, nullptr}};
    luaL_setfuncs(lua, functions, 0);
    lua_pop(lua, 1);
}

} // namespace quire::lua
