// Runtime: run-fns at work. Each job is a coroutine, and so is each branch of a (parallel …).
//
//   Runtime runtime(chunks, pipeline, slice_limit, boot);
//   runtime.attach(host);
//   runtime.set_source("quire/push", facts);
//   runtime.start("build", [&](JobOutcome outcome) { … });   // may end before start returns
//   … the loop turns; commands end; run-fns go on …
//
// Each attempt at a job has a machine of its own, in which the pipeline's top level has run again: what one job
// changes, be it a global, a module's table or a local of the file, no other one sees. Outputs are the one way from job
// to job. One thread: run-fns take turns, and one that works for longer than the slice limit without calling anything
// fails. Everything it needs of the world goes through the JobHost, which outlives the object.
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
    /// Makes a job's machine; its run-fn lies on the stack then. The error is the run-fn's end.
    using Boot = std::function<Result<lua::State>(const Job&)>;

    Runtime(const Chunks& chunks, const Pipeline& pipeline, int64_t slice_limit, Boot boot);
    ~Runtime();

    void attach(JobHost& host) { m_host = &host; }
    /// What a job that ran returned; without it (jobs id) is nil.
    void set_outputs(const std::string& job, text::Data outputs);
    /// What fired the run: push_source, or a cron or manual source's own name.
    void set_source(const std::string& source, text::Data facts);

    /// REQUIRES: a host is attached, the job exists and does not run.
    void start(const std::string& job, Ended ended);
    /// Forgets a job that runs: `ended` is not called, and what its commands report is ignored.
    void abandon(const std::string& job);

    // For the functions of the runtime table.
    struct Task;
    static Runtime& of(lua_State* lua);
    /// Makes of() find the object. REQUIRES: a protected context.
    void bind(lua_State* lua);
    /// The task that is running; raises when there is none.
    Task& current(lua_State* lua);
    bool in_job() const { return m_current != nullptr; }
    /// While a module's top level runs, the table may be taken apart: what is taken works in jobs only. Yields what
    /// was.
    bool set_loading_module(bool loading) { return std::exchange(m_loading_module, loading); }
    bool may_look() const { return m_current || m_loading_module; }
    JobHost& host() { return *m_host; }
    const Job& job_of(const Task& task) const;
    /// The outputs behind a name, as (jobs name) sees them from the job; or why it may not.
    Result<const text::Data*> read_outputs(const Job& job, const std::string& name) const;
    /// Starts the command and suspends the task. The native returns what it yields.
    int yield_for_sh(lua_State* lua, Task& task, ShRequest request);
    /// Runs the functions that lie on the stack from `first` on as branches of the task, and suspends it.
    int yield_for_branches(lua_State* lua, Task& task, int first);

private:
    using Push = std::function<int(lua_State*)>;

    void resume(uint64_t id, Push push);
    /// One turn; false: it is over, or waits.
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
