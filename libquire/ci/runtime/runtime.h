// Runtime executes run-fns. Each job is a coroutine, and so is each branch of a (parallel …).
//
//   Runtime runtime(chunks, pipeline, slice_limit, boot);
//   runtime.attach(host);
//   runtime.set_source("quire/push", facts);
//   runtime.start("build", [&](JobOutcome outcome) { … });   // may end before start returns
//   … the loop turns; commands end; run-fns go on …
//   … the loop turns; commands end; run-fns continue …
// Each attempt at a job has its own Lua machine, in which the pipeline's top level has run again. So nothing that one
// job changes (a global, a module's table, a local of the file) is seen by another one: jobs pass data only through
// outputs. In their single thread run-fns take turns, and one that works longer than the slice limit without calling
// anything fails. They reach the world only through the JobHost, which must outlive the object.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "ci/language/chunks.h"
#include "ci/language/pipeline.h"
#include "ci/runtime/job_host.h"
#include "lua/call.h"
#include "lua/state.h"

namespace quire::ci {

constexpr const char* outside_message =
    "runtime accessed outside a job — primitives are only available while a run-fn is executing";

class Runtime {
public:
    using Ended = std::function<void(JobOutcome)>;
    /// Makes the machine for a job and leaves the run-fn on its stack. An error fails the job.
    using Boot = std::function<Result<lua::State>(const Job&)>;

    Runtime(const Chunks& chunks, const Pipeline& pipeline, int64_t slice_limit, Boot boot);
    ~Runtime();

    void attach(JobHost& host) { m_host = &host; }
    /// Sets what a job returned. Before that, (jobs id) is nil.
    void set_outputs(const std::string& job, text::Data outputs);
    /// Sets what fired the run: push_source, or the name of a cron or manual source.
    void set_source(const std::string& source, text::Data facts);

    /// REQUIRES: a host is attached; the job exists and is not running.
    void start(const std::string& job, Ended ended);
    /// Forgets a running job: `ended` is not called, and results of its commands are ignored.
    void abandon(const std::string& job);

    // For the functions in the runtime table.
    struct Task;
    static Runtime& of(lua_State* lua);
    /// Lets of() find this object. REQUIRES: a protected context.
    void bind(lua_State* lua);
    /// The running task; raises if there is none.
    Task& current(lua_State* lua);
    bool in_job() const { return m_current != nullptr; }
    /// While a module's top level runs, it may take functions out of the runtime table; they work only in jobs. Returns
    /// the old value.
    bool set_loading_module(bool loading) { return std::exchange(m_loading_module, loading); }
    bool may_look() const { return m_current || m_loading_module; }
    JobHost& host() { return *m_host; }
    const Job& job_of(const Task& task) const;
    /// The outputs that (jobs name) returns in this job; the error says why it may not see them.
    Result<const text::Data*> read_outputs(const Job& job, const std::string& name) const;
    /// Starts the command and suspends the task. The native function must return the result.
    int yield_for_sh(lua_State* lua, Task& task, ShRequest request);
    /// Runs the functions on the stack, from `first` on, as branches of the task and suspends it.
    int yield_for_branches(lua_State* lua, Task& task, int first);

private:
    using Push = std::function<int(lua_State*)>;

    void resume(uint64_t id, Push push);
    /// Runs the task until it yields or ends; false if it has ended.
    bool step(Task& task, const Push& push);
    void returned(Task& task, int results);
    void raised(Task& task);
    void failed(Task& task, std::string reason, std::string traceback);
    void finish(Task& task, JobOutcome outcome);
    void finish_branch(Task& task, bool failed);
    void answer(uint64_t id, Push push);
    uint64_t add_task(std::shared_ptr<lua::State> machine, size_t job, uint64_t parent);
    static SourcePlace run_place(const Job& job);

    const Chunks& m_chunks;
    const Pipeline& m_pipeline;
    int64_t m_slice_limit;
    Boot m_boot;
    JobHost* m_host = nullptr;
    std::map<std::string, text::Data> m_outputs;
    std::map<std::string, text::Data> m_sources;
    std::map<uint64_t, std::unique_ptr<Task>> m_tasks;
    uint64_t m_next = 1;
    Task* m_current = nullptr;
    bool m_loading_module = false;
};

} // namespace quire::ci
