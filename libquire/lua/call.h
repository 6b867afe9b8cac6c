// The one way to call into Lua: a protected call that turns a raised error into text with a bounded traceback.
//
// Places in these texts use the sandbox's chunk names, which begin with a sentinel. The owner of the line map rewrites
// them (see lua/fennel.h); this file leaves them alone.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "lua/api.h"

#include "base/result.h"

namespace quire::lua {

/// What a failed call leaves: the message and the frames of the stack, innermost first, one a line.
struct Failure {
    std::string message;
    std::string traceback;
    bool out_of_memory = false;
};

constexpr int traceback_frames = 15;

/// Calls the function that lies below its `arguments` on the stack. After a failure neither is on the stack any more.
/// Unlike lua_pcall it keeps the traceback; it never raises.
bool protected_call(lua_State* lua, int arguments, int results, Failure& failure);

/// Runs `body(machine)` as a protected call. Use it for everything that may allocate in the machine, even pushing a
/// string: outside of a protected call, running out of memory ends the process.
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

/// Turns a failure of our own code, which should not happen, into an Error.
Unexpected unexpected(const Failure& failure);

/// The text of an error value of any type. It may call __tostring. REQUIRES: a protected context.
std::string describe_error(lua_State* lua, int index);

/// The first traceback_frames lines of `thread`'s stack.
std::string traceback_of(lua_State* thread, int level);

/// Raises `message`, with the place in the pipeline in front if pipeline code is running. Never returns.
[[noreturn]] void raise(lua_State* lua, std::string_view message);

/// "<chunk>:<line>:" of the innermost frame that belongs to the pipeline; empty when there is none.
std::string calling_place(lua_State* lua);

/// The first byte of the names of chunks that hold pipeline code.
constexpr char sentinel = '\x01';

} // namespace quire::lua
