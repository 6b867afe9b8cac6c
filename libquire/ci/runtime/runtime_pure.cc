// Functions that only compute: base64, json-encode, json-decode, json-list, sha256.
#include "base/sha256.h"
#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "text/escape.h"
#include "text/json.h"

namespace quire::ci {

/// An argument of any bytes. Like all functions of the runtime table, these work only in jobs.
static std::string bytes_argument(lua_State* lua, const char* what)
{
    Runtime::of(lua).current(lua);
    if (lua_type(lua, 1) != LUA_TSTRING)
        lua::raise(lua, fmt::format("{} takes a string, not a {}", what, luaL_typename(lua, 1)));
    return lua::to_string(lua, 1);
}

static int push_string(lua_State* lua, const std::string& text)
{
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

static int base64(lua_State* lua) { return push_string(lua, text::base64_encode(bytes_argument(lua, "base64"))); }

static int sha256(lua_State* lua) { return push_string(lua, sha256_hex(bytes_argument(lua, "sha256"))); }

static int json_encode(lua_State* lua)
{
    Runtime::of(lua).current(lua);
    luaL_checkany(lua, 1);
    auto data = lua::to_data(lua, 1, "value", {.bytes = 40u << 20, .depth = 64});
    if (!data)
        lua::raise(lua, fmt::format("json-encode: {}", data.error().message));
    return push_string(lua, text::write_json(*data));
}

static int json_decode(lua_State* lua)
{
    auto data = text::read_json(bytes_argument(lua, "json-decode"), "json");
    if (!data)
        lua::raise(lua, fmt::format("json-decode: {}", data.error().message));
    lua::push_data(lua, *data);
    return 1;
}

/// (json-list list) returns the list, marked so that it is a list in JSON even if it is empty.
static int json_list(lua_State* lua)
{
    Runtime::of(lua).current(lua);
    if (lua_isnone(lua, 1))
        lua_newtable(lua);
    lua_settop(lua, 1);
    check_list(lua, 1, "json-list: it");
    if (lua_getmetatable(lua, 1) && !lua::is_list(lua, 1))
        lua::raise(lua, "json-list: the table has a metatable of its own");
    lua_settop(lua, 1);
    lua::mark_list(lua);
    return 1;
}

const luaL_Reg pure_functions[] = {{"base64", base64},       {"json-encode", json_encode}, {"json-decode", json_decode},
                                   {"json-list", json_list}, {"sha256", sha256},           {nullptr, nullptr}};

} // namespace quire::ci
