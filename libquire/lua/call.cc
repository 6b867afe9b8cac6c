#include "lua/call.h"

#include <algorithm>
#include <cstdlib>

namespace quire::lua {

std::string describe_error(lua_State* lua, int index)
{
    index = lua_absindex(lua, index);
    if (lua_type(lua, index) == LUA_TTABLE) {
        if (luaL_getmetafield(lua, index, "__tostring") == LUA_TNIL)
            return "(a table was raised as an error)";
        lua_pop(lua, 1);
    }
    size_t length = 0;
    const char* text = luaL_tolstring(lua, index, &length);
    std::string result(text, std::min<size_t>(length, 64u << 10));
    lua_pop(lua, 1);
    return result;
}

std::string traceback_of(lua_State* thread, int level)
{
    std::string text;
    lua_Debug frame;
    for (int shown = 0; shown < traceback_frames && lua_getstack(thread, level, &frame); ++level) {
        lua_getinfo(thread, "Slnt", &frame);
        if (*frame.what == 'C' && !frame.name)
            continue;
        ++shown;
        text += frame.currentline > 0 ? fmt::format("{}:{}:", frame.short_src, frame.currentline)
                                      : fmt::format("{}:", frame.short_src);
        if (*frame.namewhat)
            text += fmt::format(" in {} '{}'", frame.namewhat, frame.name);
        else if (*frame.what == 'm')
            text += " in the file itself";
        else
            text += " in a function";
        text += frame.istailcall ? " (and callers that ended)\n" : "\n";
    }
    return text;
}

std::string calling_place(lua_State* lua)
{
    lua_Debug frame;
    for (int level = 0; level < 50 && lua_getstack(lua, level, &frame); ++level) {
        lua_getinfo(lua, "Sl", &frame);
        if (frame.currentline > 0 && frame.short_src[0] == sentinel)
            return fmt::format("{}:{}:", frame.short_src, frame.currentline);
    }
    return {};
}

void raise(lua_State* lua, std::string_view message)
{
    std::string place = calling_place(lua);
    std::string text = place.empty() ? std::string(message) : fmt::format("{} {}", place, message);
    lua_pushlstring(lua, text.data(), text.size());
    lua_error(lua);
    std::abort(); // lua_error does not return
}

/// Runs at the place of the error, while the stack still shows it.
static int on_error(lua_State* lua)
{
    std::string message = describe_error(lua, 1);
    std::string frames = traceback_of(lua, 1);
    lua_createtable(lua, 2, 0);
    lua_pushlstring(lua, message.data(), message.size());
    lua_rawseti(lua, -2, 1);
    lua_pushlstring(lua, frames.data(), frames.size());
    lua_rawseti(lua, -2, 2);
    return 1;
}

static std::string string_at(lua_State* lua, int index, int position)
{
    lua_rawgeti(lua, index, position);
    size_t length = 0;
    const char* text = lua_tolstring(lua, -1, &length);
    std::string result(text ? text : "", length);
    lua_pop(lua, 1);
    return result;
}

bool protected_call(lua_State* lua, int arguments, int results, Failure& failure)
{
    int base = lua_gettop(lua) - arguments;
    lua_pushcfunction(lua, on_error);
    lua_insert(lua, base);
    int status = lua_pcall(lua, arguments, results, base);
    lua_remove(lua, base);
    if (status == LUA_OK)
        return true;
    failure = {};
    if (status == LUA_ERRMEM) {
        failure.message = "not enough memory";
        failure.out_of_memory = true;
    } else if (lua_istable(lua, -1)) {
        failure.message = string_at(lua, lua_gettop(lua), 1);
        failure.traceback = string_at(lua, lua_gettop(lua), 2);
    } else {
        // The handler itself failed; the value may be a string or nothing useful.
        failure.message = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "an error with no message";
    }
    lua_settop(lua, base - 1);
    return false;
}

Unexpected unexpected(const Failure& failure)
{
    return fail(ErrorKind::system, "{}\n{}", failure.message, failure.traceback);
}

} // namespace quire::lua
