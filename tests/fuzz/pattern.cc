// Our pattern matcher against the one of Lua's own library: on small inputs, which that one can't take for ever on,
// both say the same, errors included.
#include "lua/call.h"
#include "lua/convert.h"
#include "lua/sandbox.h"
#include "lua/state.h"

#include "fuzz/fuzz.h"

using namespace quire::lua;

// The pattern, a newline, the subject.
FUZZ_SEEDS("%abcdlpsuwxzfABCDLPSUWXZ.*+-?[]^$()01239\n xyz-", "(a*(.)%w(%s*))\nTHE (quick) fox",
           "^%s*(%S+)\n  word rest", "%b()\n(a(b)c)(", "%f[%a]%a+\nTHE (quick) fox", "[^%d%-]-x\n12-ax",
           "()(.-)%1$\nabab", "[]-a]\n]", "[a-]%0\n-", "%z%Z\nz")

namespace {

State make(bool sandboxed)
{
    State state = State::create({.memory = 16u << 20}).value();
    Failure failure;
    auto body = [&](lua_State* lua) {
        if (sandboxed) {
            open_sandbox(lua);
            return 0;
        }
        luaL_requiref(lua, "_G", luaopen_base, 1);
        luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 1);
        luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 1);
        return 0;
    };
    quire::fuzz::require(protect(state.get(), body, 0, failure), "a machine opens");
    return state;
}

/// Everything that the four functions say, as one text.
std::string ask(State& state, std::string_view pattern, std::string_view subject)
{
    static constexpr std::string_view script = R"(
        local p, s = ...
        local out = {}
        local function note(...)
            for i = 1, select('#', ...) do out[#out + 1] = tostring((select(i, ...))) end
            out[#out + 1] = ';'
        end
        note(pcall(string.find, s, p))
        note(pcall(string.find, s, p, 2))
        note(pcall(string.find, s, p, -2, true))
        note(pcall(string.match, s, p))
        note(pcall(string.gsub, s, p, '<%0>'))
        note(pcall(string.gsub, s, p, '%1', 2))
        note(pcall(string.gsub, s, p, function(...) note('f', ...) end))
        note(pcall(function() for a, b in string.gmatch(s, p) do note('g', a, b) end end))
        return table.concat(out, ' '))";
    std::string answer;
    Failure failure;
    auto body = [&](lua_State* lua) {
        if (luaL_loadbufferx(lua, script.data(), script.size(), "=ask", "t") != LUA_OK)
            lua_error(lua);
        lua_pushlstring(lua, pattern.data(), pattern.size());
        lua_pushlstring(lua, subject.data(), subject.size());
        lua_call(lua, 2, 1);
        answer = to_string(lua, -1);
        return 0;
    };
    quire::fuzz::require(protect(state.get(), body, 0, failure), "no pattern breaks the script");
    return answer;
}

} // namespace

FUZZ_TARGET(input)
{
    static State ours = make(true), theirs = make(false);
    size_t newline = input.find('\n');
    std::string_view pattern = input.substr(0, newline).substr(0, 12);
    std::string_view subject = newline == input.npos ? std::string_view() : input.substr(newline + 1).substr(0, 12);
    quire::fuzz::require(ask(ours, pattern, subject) == ask(theirs, pattern, subject), "both matchers agree");
}
