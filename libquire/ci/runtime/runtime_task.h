// A task: the coroutine of a job, or of one branch of a (parallel …) in a job. Only Runtime's own files use
// this.
#pragma once

#include "ci/runtime/runtime.h"

namespace quire::ci {

struct Runtime::Task {
    uint64_t id = 0;
    size_t job = 0;
    uint64_t parent = 0;                 ///< the task whose (parallel …) has this branch; 0: it is not a branch
    std::shared_ptr<lua::State> machine; ///< belongs to the attempt; branches share it
    lua_State* thread = nullptr;
    int reference = LUA_NOREF;
    Ended ended;
    bool turning = false;           ///< its coroutine is on the C stack
    std::optional<Push> answer;     ///< an answer that came before the coroutine yielded
    std::vector<uint64_t> branches; ///< to be started in this order once the coroutine has yielded
    size_t running = 0;             ///< how many branches have not ended
    int results = LUA_NOREF;        ///< the table of the branches' results
    std::string branch_failure;     ///< the message of the first branch that raised
    size_t position = 0;            ///< its place among the parent's branches, from 1
};

} // namespace quire::ci
