// Our pattern matching against Lua's own: the same results and the same refusals, on random patterns.
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "lua/call.h"
#include "lua/convert.h"
#include "lua/sandbox.h"
#include "lua/state.h"

using namespace quire;
using namespace quire::lua;

namespace {

constexpr std::string_view probe = R"(
local s, p, r = ...
local out = {}
local function note(...)
  for i = 1, select('#', ...) do out[#out + 1] = tostring((select(i, ...))) end
  out[#out + 1] = ';'
end
note(pcall(string.find, s, p))
note(pcall(string.match, s, p, 2))
note(pcall(string.gsub, s, p, r))
note(pcall(string.gsub, s, p, function(a, b) return a and b and a .. b end, 3))
note(pcall(function() local n = 0 for a, b in string.gmatch(s, p) do n = n + 1 note(a, b) if n > 20 then break end end end))
note(pcall(string.find, s, p, -3, true))
return table.concat(out, '|')
)";

std::string run(bool ours, const std::string& subject, const std::string& pattern, const std::string& replacement)
{
    State state = State::create({}).value();
    std::string result;
    Failure failure;
    auto body = [&](lua_State* lua) {
        if (ours)
            open_sandbox(lua);
        else
            luaL_openlibs(lua);
        luaL_loadbufferx(lua, probe.data(), probe.size(), "=probe", "t");
        for (const std::string& text : {subject, pattern, replacement})
            lua_pushlstring(lua, text.data(), text.size());
        lua_call(lua, 3, 1);
        result = to_string(lua, -1);
        return 0;
    };
    return protect(state.get(), body, 0, failure) ? result : "error: " + failure.message;
}

} // namespace

TEST_CASE("patterns mean what they mean in Lua")
{
    const std::vector<std::string> pieces = {
        "a",      "b",    ".",  "%a", "%d", "%s", "%w",  "%.", "[ab]", "[^a]", "[a-c]", "[%d_]", "[]]",
        "[^]]",   "[a-]", "(",  ")",  "()", "*",  "+",   "-",  "?",    "^",    "$",     "%b()",  "%f[%w]",
        "%f[^a]", "%1",   "%2", "%",  "[",  "[a", "%b(", "%f", "\\",   "]",    "%A",    "[%",    "x"};
    const std::vector<std::string> replacements = {"", "%0", "<%1>", "%2", "%", "%%", "%x", "plain"};
    std::mt19937 random(20261121);
    auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
    for (int round = 0; round < 3000; ++round) {
        std::string subject, pattern;
        for (size_t i = below(12); i > 0; --i)
            subject += "ab1 (x)._-]c"[below(12)];
        for (size_t i = 1 + below(6); i > 0; --i)
            pattern += pieces[below(pieces.size())];
        const std::string& replacement = replacements[below(replacements.size())];
        INFO("subject '" << subject << "' pattern '" << pattern << "' replacement '" << replacement << "'");
        REQUIRE(run(true, subject, pattern, replacement) == run(false, subject, pattern, replacement));
    }
}

TEST_CASE("every class has the members that it has in Lua")
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    for (char name : all) {
        for (std::string pattern : {std::string("%"), std::string("[^%")}) {
            pattern += name;
            if (pattern.front() == '[')
                pattern += ']';
            INFO("pattern " << pattern);
            REQUIRE(run(true, all, pattern, "<%0>") == run(false, all, pattern, "<%0>"));
        }
    }
}
