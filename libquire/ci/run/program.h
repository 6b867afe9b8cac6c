// Program: a repository's pipeline, compiled and registered. Either it can run, or it says what is wrong.
//
//   auto program = TRY(Program::load(TRY(read_source_tree(checkout, ".")), {}));
//   if (!program->diagnostics().empty()) … else program->runtime().start(…)
//
// The Lua machine that compiles is separate from those that execute, which reach the host only through the JobHost.
// Each attempt at a job has a machine of its own: the first one that in which the jobs were registered, each other one
// a machine where the top level has run again. A Result's error is a failure of the host; everything that the
// pipeline's author can repair is a diagnostic.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/time.h"
#include "ci/language/compile_cache.h"
#include "ci/language/registration.h"
#include "ci/language/source_tree.h"
#include "ci/runtime/runtime.h"

namespace quire::ci {

struct ProgramOptions {
    std::string cache_directory; ///< for compiled pipelines; empty: none
    int64_t registration_limit = 10 * nanoseconds_per_second;
    int64_t slice_limit = 10 * nanoseconds_per_second; ///< how long a run-fn may work between two calls
    size_t memory_limit = 256u << 20;
};

class Program : private lua::ModuleFinder {
public:
    static Result<std::unique_ptr<Program>> load(SourceTree tree, const ProgramOptions& options);
    ~Program() override;

    const Pipeline& pipeline() const { return m_registration.pipeline; }
    /// Everything that is wrong, ordered by file and line. If it is empty, the pipeline may run.
    const std::vector<Diagnostic>& diagnostics() const { return m_registration.diagnostics; }
    /// What print wrote during registration.
    const std::string& printed() const { return m_printed; }
    bool has_dockerfile() const { return m_tree.has_dockerfile; }
    /// Whether all code came from the cache, so that nothing was compiled.
    bool came_from_cache() const { return m_cached; }

    /// REQUIRES: diagnostics() is empty.
    Runtime& runtime() { return *m_runtime; }

private:
    /// Used while the top level runs again for one job, when the registrations of the other jobs are ignored.
    struct Recall {
        const std::string& job;
        int function = LUA_NOREF; ///< the job's run-fn, in the machine's registry
    };

    Program(SourceTree tree, const ProgramOptions& options);

    void open(lua_State* lua);
    bool run_top_level(lua::State& state, const lua::Chunk& compiled, lua::Failure& failure);
    Result<void> register_pipeline();
    Result<lua::State> boot(const Job& job);
    /// The machine that registered, with the job's run-fn on its stack; nullopt if it was given away, or is no use.
    std::optional<lua::State> take_registrar(const Job& job);
    void fail_with(const lua::Failure& failure);
    /// Turns an error of the top level into a diagnostic with its place.
    Diagnostic explain(const lua::Failure& failure) const;
    void finish_diagnostics();
    /// Takes the chunk from the compiled ones or compiles it. nullptr: its problems have been reported.
    const lua::Chunk* chunk(const std::string& file, lua::Fennel::Role role);
    bool push_loader(lua_State* lua, const std::string& name, std::string& why) override;
    void push_native(lua_State* lua);
    static Program& of(lua_State* lua);
    static int load_module(lua_State* lua);
    static int print(lua_State* lua);
    /// Whether a call is noticed when the top level runs again for a job; only that of `job` is.
    enum class Recalls { no, yes };
    template <void (Registration::*Method)(lua_State*), Recalls recalls = Recalls::no>
    static int registering(lua_State* lua);
    static void recall(lua_State* lua, Recall& wanted);
    void remember(lua_State* lua);

    SourceTree m_tree;
    ProgramOptions m_options;
    Chunks m_chunks;
    Registration m_registration;
    std::unique_ptr<Runtime> m_runtime;
    std::unique_ptr<lua::Fennel> m_fennel; ///< exists while something is compiled
    std::vector<lua::Problem> m_problems;
    CompileCache m_cache;
    std::string m_printed;
    std::optional<lua::State> m_registrar;
    std::map<std::string, int> m_run_fns; ///< by job: its run-fn, in the registrar's registry
    bool m_registering = false;
    Recall* m_recall = nullptr;
    bool m_cached = false;
    size_t m_compiled = 0;
};

/// The names of the globals that pipeline code may use, as Fennel spells them.
const std::vector<std::string>& pipeline_globals();

} // namespace quire::ci
