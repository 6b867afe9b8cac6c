#include "lua/sandbox.h"

#include <poll.h>

#include <catch2/catch_test_macros.hpp>

#include "base/time.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "lua/state.h"

using namespace quire;
using namespace quire::lua;

namespace {

/// Runs Lua text in a fresh sandbox; yields what it returned as text, or "error: " and the message.
std::string run(std::string_view source, size_t memory = 32u << 20, int64_t allowance = nanoseconds_per_second / 4)
{
    State state = State::create({.memory = memory}).value();
    std::string result;
    Failure failure;
    state.start_clock(allowance, "the test");
    auto body = [&](lua_State* lua) {
        open_sandbox(lua);
        if (luaL_loadbufferx(lua, source.data(), source.size(), "=test", "t") != LUA_OK)
            lua_error(lua);
        lua_call(lua, 0, 1);
        luaL_tolstring(lua, -1, nullptr);
        result = to_string(lua, -1);
        return 0;
    };
    if (protect(state.get(), body, 0, failure))
        return result;
    return "error: " + failure.message;
}

bool raises(std::string_view source, std::string_view part)
{
    std::string result = run(source, 32u << 20, 60 * nanoseconds_per_second); // a busy machine is no reason
    INFO(result);
    return result.starts_with("error: ") && result.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("nothing that leads out is there")
{
    for (const char* name :
         {"io", "os", "debug", "coroutine", "load", "loadstring", "dofile", "loadfile", "collectgarbage", "string.dump",
          "package.loadlib", "package.searchers", "package.path", "package.cpath", "package.searchpath"}) {
        INFO(name);
        CHECK(run(fmt::format("return {}", name)) == "nil");
    }
}

TEST_CASE("the strings' metatable is out of reach")
{
    CHECK(run("return getmetatable('')") == "false");
    CHECK(raises("setmetatable('', {})", "table expected"));
    CHECK(raises("return getmetatable('').__index.x", "index a boolean"));
    CHECK(run("return ('x'):upper()") == "X");
}

TEST_CASE("finalizers are refused")
{
    CHECK(raises("setmetatable({}, {__gc = function() end})", "__gc"));
    CHECK(raises("setmetatable({}, {__gc = true})", "__gc"));
    CHECK(raises("setmetatable(setmetatable({}, {__metatable = 1}), {})", "protected"));
    CHECK(run("return getmetatable(setmetatable({}, {__index = {x = 5}})).__index.x") == "5");
}

TEST_CASE("time runs out for every kind of loop")
{
    for (
        const char* source :
        {"while true do end", "while true do pcall(function() while true do end end) end",
         "local function f() return pcall(f) end while true do f() end", "while true do pcall(error) end",
         "xpcall(function() while true do end end, function() while true do end end)",
         "while true do pcall(string.rep, 'x', 1e15) end",
         "for i = 1, math.huge do local t <close> = setmetatable({}, {__close = function() while true do end end}) end",
         "return ('a'):rep(40):find(('a*'):rep(30) .. 'b')", "return ('a'):rep(5000):find('.-.-.-.-.-b')",
         "return (('a'):rep(40)):gsub(('a*'):rep(30) .. 'b', '')",
         "for w in ('a'):rep(40):gmatch(('a-'):rep(30) .. 'b') do end",
         "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
         "return table.concat(setmetatable({}, {__index = function() while true do end end}), '', 1, 10)",
         "local t = {} for i = 1, 100 do t[i] = i end while true do table.sort(t, function(a, b) return a < b end) end",
         "local s = ('x'):rep(8000000) local t = ('x'):rep(7999999) .. 'x' while s == t do end"}) {
        INFO(source);
        int64_t begin = monotonic_now();
        std::string result = run(source);
        INFO(result);
        CHECK(result.find("the test took longer than") != std::string::npos);
        CHECK(monotonic_now() - begin < 60 * nanoseconds_per_second);
    }
}

TEST_CASE("time in which others had the processor does not count")
{
    State state = State::create({.memory = 32u << 20}).value();
    Failure failure;
    int64_t loops = 0;
    state.start_clock(nanoseconds_per_second / 4, "the test");
    auto body = [&](lua_State* lua) {
        lua_pushcfunction(lua, [](lua_State*) { return ::poll(nullptr, 0, 400) * 0; });
        lua_setglobal(lua, "wait");
        REQUIRE(luaL_dostring(lua, "wait() local n = 0 for i = 1, 10000 do n = n + 1 end return n") == LUA_OK);
        loops = lua_tointeger(lua, -1);
        return 0;
    };
    CHECK(protect(state.get(), body, 0, failure));
    CHECK(loops == 10000);
    CHECK_FALSE(state.out_of_time());
}

TEST_CASE("memory runs out as an error")
{
    CHECK(raises("local t = {} while true do t[#t + 1] = {} end", "not enough memory"));
    CHECK(raises("local s = 'x' while true do s = s .. s end", "not enough memory"));
    CHECK(raises("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000000) .. i end", "not enough memory"));
}

TEST_CASE("C functions refuse what they could not finish")
{
    CHECK(raises("return ('x'):rep(1e10)", "too large"));
    CHECK(raises("return ('x'):rep(1e18, 'y')", "too large"));
    CHECK(raises("return ('x'):rep(1e9)", "not enough memory"));
    CHECK(run("return ('').rep('', 1e18)").empty());
    CHECK(run("return ('ab'):rep(3, ', ')") == "ab, ab, ab");
    CHECK(run("return (''):rep(3, '-')") == "--");
    CHECK(run("return ('ab'):rep(1, ', ') .. ('ab'):rep(2)") == "ababab");
    CHECK(raises("table.insert(setmetatable({}, {__len = function() return 1e15 end}), 1, 1)", "__len"));
    CHECK(raises("table.remove(setmetatable({}, {__len = function() return 1e15 end}), 1)", "__len"));
    CHECK(raises("table.sort(setmetatable({}, {__len = function() return 1e9 end}))", "__len"));
    CHECK(raises("table.move({}, 1, 1e15, 2)", "too large"));
    CHECK(raises("table.move({}, math.mininteger, math.maxinteger, 2)", "too large"));
    CHECK(raises("table.concat(setmetatable({}, {__index = table.concat}), '', 1, 1e15)", "too large"));
    CHECK(run("local t = {3, 1, 2} table.sort(t) table.insert(t, 4) table.insert(t, 1, 0) table.remove(t, 1) "
              "return table.concat(table.move(t, 1, 4, 1, {}), ',')") == "1,2,3,4");
}

TEST_CASE("pcall and xpcall are what they were")
{
    CHECK(run("return table.concat({tostring(pcall(error, 'x', 0))}, ' ')") == "false");
    CHECK(run("return select(2, pcall(error, 'x', 0))") == "x");
    CHECK(run("return select('#', pcall(function() return 1, nil, nil end))") == "4");
    CHECK(run("return select(2, xpcall(error, function(m) return m .. '!' end, 'x', 0))") == "x!");
    CHECK(run("return select(3, xpcall(function(...) return ... end, print or type, 1, 2))") == "2");
    CHECK(raises("pcall()", "value expected"));
}

TEST_CASE("values become data only when they are plain")
{
    State state = State::create({}).value();
    auto convert = [&](const char* source) {
        lua_State* lua = state.get();
        REQUIRE(luaL_loadstring(lua, source) == LUA_OK);
        REQUIRE(lua_pcall(lua, 0, 1, 0) == LUA_OK);
        auto data = to_data(lua, -1, "it", {.bytes = 1000, .depth = 8});
        lua_settop(lua, 0);
        return data;
    };
    CHECK(*convert("return {a = {1, 2.5, true}, b = 'x'}")->find("a")->sequence() ==
          text::Data::Sequence{text::Data(1), text::Data(2.5), text::Data(true)});
    CHECK(convert("return {}")->table()->empty());
    auto message = [&](const char* source) {
        auto data = convert(source);
        REQUIRE(!data);
        return data.error().message;
    };
    lua_State* lua = state.get();
    luaL_requiref(lua, "_G", luaopen_base, 1);
    luaL_requiref(lua, "string", luaopen_string, 1);
    lua_settop(lua, 0);
    CHECK(message("return {f = {g = print}}") == "it.f.g: a function is not data");
    CHECK(message("local t = {} t.t = t return t").find("contains itself") != std::string::npos);
    CHECK(message("return {1, 2, x = 3}").find("both positions and keys") != std::string::npos);
    CHECK(message("return {1, nil, 3}").find("holes") != std::string::npos);
    CHECK(message("return {1/0}") == "it[1]: inf is not data");
    CHECK(message("return {[true] = 1}").find("boolean as a key") != std::string::npos);
    CHECK(message("return ('x'):rep(2000)").find("more than") != std::string::npos);
    CHECK(message("local t = {} for i = 1, 20 do t = {t} end return t").find("deeper") != std::string::npos);
}
