// State owns one Lua machine with limited memory and time, so that it can't exhaust the host.
//
//   State state = TRY(State::create({.memory = 256u << 20}));
//   state.start_clock(10 * nanoseconds_per_second, "registration");
//   TRY(protected_call(state.get(), 0, 1));
//
// Reaching a limit raises an ordinary Lua error. Once time is up, every further instruction raises it again, so pcall
// can't hold it off. C functions are not interrupted: the sandbox's own string and table functions count their steps
// instead (see sandbox.h). Coroutines of the machine share its limits.
//
// Lua is the C++ build: an error unwinds C++ frames as an exception, and only protected_call may catch
// it.
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

/// What the allocator and the count hook check.
struct Budget {
    size_t memory_limit = 0;
    size_t memory_used = 0;
    int64_t deadline = 0;      ///< when to look again, by the monotonic clock; 0: no limit
    int64_t begun = 0;         ///< the thread's processor time then
    int64_t allowance = 0;     ///< how much processor time the activity may take
    const char* activity = ""; ///< what is being timed, for the message
    bool expired = false;
    std::function<std::string(std::string_view)> rewrite; ///< rewrites places in caught errors; may be empty
};

class State {
public:
    static Result<State> create(const Limits& limits);

    lua_State* get() const { return m_lua.get(); }
    size_t memory_used() const { return m_budget->memory_used; }

    /// Allows the machine `allowance` nanoseconds of this thread's processor time from now on: on a busy machine,
    /// waiting for the processor does not count. `activity` must outlive the machine.
    void start_clock(int64_t allowance, const char* activity);
    void stop_clock();
    /// Sets how places are written in errors that pcall and xpcall return to the code.
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

/// The budget of the State that a thread belongs to.
Budget& budget_of(lua_State* lua);
/// Raises an error when time is up. C functions that run long call it now and then.
void check_time(lua_State* lua);

} // namespace quire::lua
