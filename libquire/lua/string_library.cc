// The string library, restricted: find, match, gmatch, gsub and rep are ours, dump is absent, the others are Lua's.
#include <algorithm>
#include <string>

#include "lua/call.h"
#include "lua/pattern.h"
#include "lua/sandbox.h"
#include "lua/state.h"

namespace quire::lua {

static std::string_view string_argument(lua_State* lua, int index)
{
    size_t length = 0;
    const char* text = luaL_checklstring(lua, index, &length);
    return {text, length};
}

/// A start position as an offset. Negative ones count from the end; the result may be past the end.
static size_t start_argument(lua_State* lua, int index, size_t length)
{
    lua_Integer position = luaL_optinteger(lua, index, 1);
    if (position > 0)
        return static_cast<size_t>(position) - 1;
    if (position == 0 || position < -static_cast<lua_Integer>(length))
        return 0;
    return length - static_cast<size_t>(-position);
}

static bool has_specials(std::string_view pattern) { return pattern.find_first_of("^$*+?.([%-") != pattern.npos; }

enum class Find { positions, captures };

static int find(lua_State* lua, Find mode)
{
    std::string_view subject = string_argument(lua, 1), pattern = string_argument(lua, 2);
    size_t start = start_argument(lua, 3, subject.size());
    check_time(lua);
    if (start > subject.size()) {
        luaL_pushfail(lua);
        return 1;
    }
    if (mode == Find::positions && (lua_toboolean(lua, 4) || !has_specials(pattern))) {
        // memmem takes linear time; std::string_view::find does not.
        const char* found = pattern.empty()
                                ? subject.data() + start
                                : static_cast<const char*>(::memmem(subject.data() + start, subject.size() - start,
                                                                    pattern.data(), pattern.size()));
        if (!found) {
            luaL_pushfail(lua);
            return 1;
        }
        lua_Integer first = found - subject.data() + 1;
        lua_pushinteger(lua, first);
        lua_pushinteger(lua, first + static_cast<lua_Integer>(pattern.size()) - 1);
        return 2;
    }
    bool anchored = pattern.starts_with('^');
    if (anchored)
        pattern.remove_prefix(1);
    Pattern matcher(lua, subject, pattern);
    for (size_t at = start; at <= subject.size(); ++at) {
        if (auto end = matcher.match_at(at)) {
            if (mode == Find::captures)
                return matcher.push_captures(at, *end, true);
            lua_pushinteger(lua, static_cast<lua_Integer>(at) + 1);
            lua_pushinteger(lua, static_cast<lua_Integer>(*end));
            return 2 + matcher.push_captures(at, *end, false);
        }
        if (anchored)
            break;
    }
    luaL_pushfail(lua);
    return 1;
}

static int safe_find(lua_State* lua) { return find(lua, Find::positions); }
static int safe_match(lua_State* lua) { return find(lua, Find::captures); }

/// Upvalues: the subject, the pattern, the next position, and the end of the last match (or -1).
static int gmatch_step(lua_State* lua)
{
    std::string_view subject = string_argument(lua, lua_upvalueindex(1));
    Pattern matcher(lua, subject, string_argument(lua, lua_upvalueindex(2)));
    lua_Integer last = lua_tointeger(lua, lua_upvalueindex(4));
    for (auto at = static_cast<size_t>(lua_tointeger(lua, lua_upvalueindex(3))); at <= subject.size(); ++at) {
        auto end = matcher.match_at(at);
        if (!end || static_cast<lua_Integer>(*end) == last)
            continue;
        lua_pushinteger(lua, static_cast<lua_Integer>(*end));
        lua_copy(lua, -1, lua_upvalueindex(3));
        lua_replace(lua, lua_upvalueindex(4));
        return matcher.push_captures(at, *end, true);
    }
    return 0;
}

static int safe_gmatch(lua_State* lua)
{
    size_t length = string_argument(lua, 1).size();
    luaL_checkstring(lua, 2);
    size_t start = std::min(start_argument(lua, 3, length), length + 1);
    lua_settop(lua, 2);
    lua_pushinteger(lua, static_cast<lua_Integer>(start));
    lua_pushinteger(lua, -1);
    lua_pushcclosure(lua, gmatch_step, 4);
    return 1;
}

/// Appends what a replacement string stands for, with %0 to %9 and %%.
static void add_replacement(lua_State* lua, luaL_Buffer& out, const Pattern& matcher, size_t start, size_t end)
{
    std::string_view text = string_argument(lua, 3);
    while (!text.empty()) {
        size_t plain = std::min(text.find('%'), text.size());
        luaL_addlstring(&out, text.data(), plain);
        text.remove_prefix(plain);
        if (text.empty())
            return;
        char what = text.size() > 1 ? text[1] : '\0';
        if (what == '%') {
            luaL_addchar(&out, '%');
        } else if (what == '0') {
            luaL_addlstring(&out, string_argument(lua, 1).data() + start, end - start);
        } else if (what >= '1' && what <= '9') {
            matcher.push_capture(static_cast<size_t>(what - '1'), start, end);
            luaL_tolstring(lua, -1, nullptr);
            lua_remove(lua, -2);
            luaL_addvalue(&out);
        } else {
            luaL_error(lua, "invalid use of '%%' in replacement string");
        }
        text.remove_prefix(2);
    }
}

/// Appends the replacement of one match, which may be a string, a table's entry or a function's result.
static void add_value(lua_State* lua, luaL_Buffer& out, const Pattern& matcher, size_t start, size_t end)
{
    switch (lua_type(lua, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(lua, 3);
        lua_call(lua, matcher.push_captures(start, end, true), 1);
        break;
    case LUA_TTABLE:
        matcher.push_capture(0, start, end);
        lua_gettable(lua, 3);
        break;
    default:
        add_replacement(lua, out, matcher, start, end);
        return;
    }
    if (!lua_toboolean(lua, -1)) {
        lua_pop(lua, 1);
        luaL_addlstring(&out, string_argument(lua, 1).data() + start, end - start);
    } else if (!lua_isstring(lua, -1)) {
        luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
    } else {
        luaL_addvalue(&out);
    }
}

static int safe_gsub(lua_State* lua)
{
    std::string_view subject = string_argument(lua, 1), pattern = string_argument(lua, 2);
    int type = lua_type(lua, 3);
    luaL_argexpected(lua, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                     "string/function/table");
    lua_Integer limit = luaL_optinteger(lua, 4, static_cast<lua_Integer>(subject.size()) + 1);
    check_time(lua);
    bool anchored = pattern.starts_with('^');
    if (anchored)
        pattern.remove_prefix(1);
    Pattern matcher(lua, subject, pattern);
    luaL_Buffer out;
    luaL_buffinit(lua, &out);
    lua_Integer count = 0;
    size_t at = 0;
    std::optional<size_t> last;
    while (count < limit) {
        auto end = matcher.match_at(at);
        if (end && end != last) {
            ++count;
            add_value(lua, out, matcher, at, *end);
            at = *end;
            last = end;
        } else if (at < subject.size()) {
            luaL_addchar(&out, subject[at]);
            ++at;
        } else {
            break;
        }
        if (anchored)
            break;
    }
    if (at < subject.size())
        luaL_addlstring(&out, subject.data() + at, subject.size() - at);
    luaL_pushresult(&out);
    lua_pushinteger(lua, count);
    return 2;
}

/// Lua's own loops as often as it is told, even for an empty result. A result that grows ends at the memory limit.
static int safe_rep(lua_State* lua)
{
    if (string_argument(lua, 1).empty() && std::string_view(luaL_optstring(lua, 3, "")).empty()) {
        luaL_checkinteger(lua, 2);
        lua_pushliteral(lua, "");
        return 1;
    }
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

void open_safe_strings(lua_State* lua)
{
    luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 1);
    lua_pushnil(lua);
    lua_setfield(lua, -2, "dump");
    const luaL_Reg functions[] = {
        {"find", safe_find}, {"match", safe_match}, {"gmatch", safe_gmatch}, {"gsub", safe_gsub}, {nullptr, nullptr}};
    luaL_setfuncs(lua, functions, 0);
    lua_getfield(lua, -1, "rep");
    lua_pushcclosure(lua, safe_rep, 1);
    lua_setfield(lua, -2, "rep");
    lua_pop(lua, 1);

    // All strings share one metatable, which code must not get.
    lua_pushliteral(lua, "");
    if (lua_getmetatable(lua, -1)) {
        lua_pushboolean(lua, 0);
        lua_setfield(lua, -2, "__metatable");
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

} // namespace quire::lua
