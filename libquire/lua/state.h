// State owns one Lua machine that may not eat the box: its memory is capped and its time is limited.
//
//   State state = TRY(State::create({.memory = 256u << 20}));
//   state.start_clock(10 * nanoseconds_per_second, "registration");
//   TRY(protected_call(state.get(), 0, 1));
//
// A limit that is reached raises an ordinary Lua error; once time is up every further instruction raises it
// again, so no pcall can sit it out. What C functions do is not interrupted: the sandbox's own string and table
// functions count their steps instead (see sandbox.h). Coroutines made from the machine share its limits.
//
// Lua is the C++ build: an error unwinds C++ frames as an exception, and nothing may catch it on its way but
// protected_call.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "lua/api.h"

#include "base/result.h"

namespace quire::lua {

struct Limits {
    size_t memory = 256u << 20; ///< bytes
};

/// What the allocator and the count hook look at.
struct Budget {
    size_t memory_limit = 0;
    size_t memory_used = 0;
    int64_t deadline = 0;      ///< monotonic; 0: no limit
    int64_t allowance = 0;     ///< how long it was to take, for the message
    const char* activity = ""; ///< what is being timed, for the message
    bool expired = false;
    std::function<std::string(std::string_view)> rewrite; ///< of places in errors that are caught; may be empty
};

class State {
public:
    static Result<State> create(const Limits& limits);

    lua_State* get() const { return m_lua.get(); }
    size_t memory_used() const { return m_budget->memory_used; }

    /// From now on the machine may work for that many nanoseconds. `activity` must outlive it.
    void start_clock(int64_t allowance, const char* activity);
    void stop_clock();
    /// What pcall and xpcall hand to the code: places as a person writes them.
    void set_rewrite(std::function<std::string(std::string_view)> rewrite) { m_budget->rewrite = std::move(rewrite); }
    bool out_of_time() const { return m_budget->expired; }

private:
    struct Close {
        void operator()(lua_State* lua) const { lua_close(lua); }
    };
    State(std::unique_ptr<Budget> budget, lua_State* lua) : m_budget(std::move(budget)), m_lua(lua) {}
    std::unique_ptr<Budget> m_budget; // outlives m_lua: the allocator uses it to the end
    std::unique_ptr<lua_State, Close> m_lua;
};

/// The budget of any thread of a State.
Budget& budget_of(lua_State* lua);
/// Raises when time is up; long-running C functions call it now and then.
void check_time(lua_State* lua);

} // namespace quire::lua
