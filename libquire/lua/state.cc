#include "lua/state.h"

#include <cstdlib>
#include <cstring>

#include "base/time.h"
#include "sys/thread.h"

namespace quire::lua {

// It is small because one instruction may compare two strings that fill the memory limit: 10 ms each. It costs 1.5 %.
constexpr int instructions_between_checks = 1'000;

static void* allocate(void* user, void* block, size_t old_size, size_t new_size)
{
    Budget& budget = *static_cast<Budget*>(user);
    if (!block)
        old_size = 0; // Lua passes the kind of object here
    if (new_size == 0) {
        std::free(block);
        budget.memory_used -= old_size;
        return nullptr;
    }
    if (new_size > old_size && new_size - old_size > budget.memory_limit - budget.memory_used)
        return nullptr;
    void* result = std::realloc(block, new_size);
    if (result)
        budget.memory_used += new_size - old_size;
    return result;
}

static void on_count(lua_State* lua, lua_Debug*) { check_time(lua); }

Budget& budget_of(lua_State* lua)
{
    Budget* budget = nullptr;
    std::memcpy(&budget, lua_getextraspace(lua), sizeof budget);
    return *budget;
}

void check_time(lua_State* lua)
{
    Budget& budget = budget_of(lua);
    if (budget.deadline == 0)
        return;
    if (!budget.expired) {
        int64_t time = monotonic_now();
        if (time < budget.deadline)
            return;
        // The processor's clock is asked only now, since it takes ten times as long.
        int64_t left = budget.allowance - (sys::thread_cost() - budget.begun);
        if (left > 0) {
            budget.deadline = time + left;
            return;
        }
    }
    budget.expired = true;
    // If a pcall around us catches this, the next instruction raises again.
    lua_sethook(lua, on_count, LUA_MASKCOUNT, 1);
    luaL_error(lua, "%s took longer than %d s", budget.activity,
               static_cast<int>(budget.allowance / nanoseconds_per_second));
}

Result<State> State::create(const Limits& limits)
{
    auto budget = std::make_unique<Budget>();
    budget->memory_limit = limits.memory;
    lua_State* lua = lua_newstate(allocate, budget.get());
    if (!lua)
        return fail(ErrorKind::system, "start Lua: not enough memory");
    Budget* address = budget.get();
    std::memcpy(lua_getextraspace(lua), &address, sizeof address);
    lua_sethook(lua, on_count, LUA_MASKCOUNT, instructions_between_checks);
    return State(std::move(budget), lua);
}

void State::start_clock(int64_t allowance, const char* activity)
{
    m_budget->deadline = monotonic_now() + allowance;
    m_budget->begun = sys::thread_cost();
    m_budget->allowance = allowance;
    m_budget->activity = activity;
    m_budget->expired = false;
    lua_sethook(m_lua.get(), on_count, LUA_MASKCOUNT, instructions_between_checks);
}

void State::stop_clock()
{
    m_budget->deadline = 0;
    m_budget->expired = false;
    lua_sethook(m_lua.get(), on_count, LUA_MASKCOUNT, instructions_between_checks);
}

} // namespace quire::lua
