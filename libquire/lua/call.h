// The one way into Lua: a protected call that turns whatever was raised into text with a bounded traceback.
//
// Where an error happened is spelled as the sandbox spells it: chunk names are sentinels that the owner of the
// line map rewrites (see lua/fennel.h), so texts pass through here as they are.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "lua/api.h"

#include "base/result.h"

namespace quire::lua {

/// What a failed call left: the message, and the frames below it, innermost first, one a line.
struct Failure {
    std::string message;
    std::string traceback;
    bool out_of_memory = false;
};

constexpr int traceback_frames = 15;

/// Calls the function below its `arguments` on the stack. On failure the stack holds neither.
/// Unlike lua_pcall it keeps the traceback; it never raises.
bool protected_call(lua_State* lua, int arguments, int results, Failure& failure);

/// Runs `body(machine)`, a C function in spirit, as a protected call. Whatever may allocate in the machine, pushing a
/// string among it, belongs in one: outside, running out of memory ends the process.
template <class Body>
bool protect(lua_State* lua, Body&& body, int results, Failure& failure)
{
    using Plain = std::remove_reference_t<Body>;
    lua_pushcfunction(lua, [](lua_State* inner) -> int {
        auto& self = *static_cast<Plain*>(lua_touserdata(inner, 1));
        lua_settop(inner, 0);
        return self(inner);
    });
    lua_pushlightuserdata(lua, const_cast<std::remove_const_t<Plain>*>(&body));
    return protected_call(lua, 1, results, failure);
}

/// A failure of our own code, which should not happen, as an Error.
Unexpected unexpected(const Failure& failure);

/// The text of an error value, whatever it is. May run __tostring: REQUIRES a protected context.
std::string describe_error(lua_State* lua, int index);

/// At most traceback_frames lines of `thread`'s stack.
std::string traceback_of(lua_State* thread, int level);

/// Raises `message`, preceded by the place in the pipeline that is running when there is one. Never returns.
[[noreturn]] void raise(lua_State* lua, std::string_view message);

/// "<chunk>:<line>:" of the innermost frame that is the pipeline's own code; empty when there is none.
std::string calling_place(lua_State* lua);

/// Chunks of the pipeline's own code are named with this first byte.
constexpr char sentinel = '\x01';

} // namespace quire::lua
