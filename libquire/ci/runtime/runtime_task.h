// A run-fn at work: the coroutine of a job, or of one branch of a (parallel …) in it. Only Runtime's own files look
// inside.
#pragma once

#include "ci/runtime/runtime.h"

namespace quire::ci {

struct Runtime::Task {
    uint64_t id = 0;
    size_t job = 0;
    uint64_t parent = 0;                 ///< the task whose (parallel …) this is a branch of; 0: none
    std::shared_ptr<lua::State> machine; ///< the attempt's own; its branches share it
    lua_State* thread = nullptr;
    int reference = LUA_NOREF;
    Ended ended;
    bool turning = false;           ///< its coroutine is on the C stack
    std::optional<Push> answer;     ///< came before it had yielded
    std::vector<uint64_t> branches; ///< to be started once it has yielded, in order
    size_t running = 0;             ///< branches that have not ended
    int results = LUA_NOREF;        ///< table of the branches' results
    std::string branch_failure;     ///< what the first one that raised said
    size_t position = 0;            ///< among the parent's branches, from 1
};

} // namespace quire::ci
