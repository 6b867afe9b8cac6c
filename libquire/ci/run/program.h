// Program: a repository's pipeline, compiled and registered, ready to run or to be told what is wrong with it.
//
//   auto program = TRY(Program::load(TRY(read_source_tree(checkout, ".")), {}));
//   if (!program->diagnostics().empty()) … else program->runtime().start(…)
//
// The machine that compiles and those that execute what came out are apart; these have no way to the box but the
// JobHost. One registers the jobs, and each job runs in one of its own where the top level has run again. A Result's
// error is the machine's failure; everything the pipeline's author can mend is a diagnostic.
#pragma once

#include <memory>

#include "base/time.h"
#include "ci/language/compile_cache.h"
#include "ci/language/registration.h"
#include "ci/language/source_tree.h"
#include "ci/runtime/runtime.h"

namespace quire::ci {

struct ProgramOptions {
    std::string cache_directory; ///< of compiled pipelines; empty: none
    int64_t registration_limit = 10 * nanoseconds_per_second;
    int64_t slice_limit = 10 * nanoseconds_per_second; ///< of a run-fn between two calls
    size_t memory_limit = 256u << 20;
};

class Program : private lua::ModuleFinder {
public:
    static Result<std::unique_ptr<Program>> load(SourceTree tree, const ProgramOptions& options);
    ~Program() override;

    const Pipeline& pipeline() const { return m_registration.pipeline; }
    /// Everything that is wrong, in the order of the files' lines. Empty: it may run.
    const std::vector<Diagnostic>& diagnostics() const { return m_registration.diagnostics; }
    /// What print wrote while registering.
    const std::string& printed() const { return m_printed; }
    bool has_dockerfile() const { return m_tree.has_dockerfile; }
    /// Whether the compiler had nothing to do.
    bool came_from_cache() const { return m_cached; }

    /// REQUIRES: diagnostics() is empty.
    Runtime& runtime() { return *m_runtime; }

private:
    /// While the top level runs again for one job: the others' registrations say nothing new.
    struct Recall {
        const std::string& job;
        int function = LUA_NOREF; ///< its run-fn, in the machine's registry
    };

    Program(SourceTree tree, const ProgramOptions& options);

    void open(lua_State* lua);
    bool run_top_level(lua::State& state, const lua::Chunk& compiled, lua::Failure& failure);
    Result<void> register_pipeline();
    Result<lua::State> boot(const Job& job);
    void fail_with(const lua::Failure& failure);
    /// What a failure of the top level says, and where.
    Diagnostic explain(const lua::Failure& failure) const;
    void finish_diagnostics();
    /// From what is compiled already, or by compiling; nullptr: problems are reported.
    const lua::Chunk* chunk(const std::string& file, lua::Fennel::Role role);
    bool push_loader(lua_State* lua, const std::string& name, std::string& why) override;
    void push_native(lua_State* lua);
    static Program& of(lua_State* lua);
    static int load_module(lua_State* lua);
    static int print(lua_State* lua);
    /// Whether a job's own machine, where the top level runs again, is told: only jobs are.
    enum class Recalls { no, yes };
    template <void (Registration::*Method)(lua_State*), Recalls recalls = Recalls::no>
    static int registering(lua_State* lua);
    static void recall(lua_State* lua, Recall& wanted);

    SourceTree m_tree;
    ProgramOptions m_options;
    Chunks m_chunks;
    Registration m_registration;
    std::unique_ptr<Runtime> m_runtime;
    std::unique_ptr<lua::Fennel> m_fennel; ///< while something is compiled
    std::vector<lua::Problem> m_problems;
    CompileCache m_cache;
    std::string m_printed;
    bool m_registering = false;
    Recall* m_recall = nullptr;
    bool m_cached = false;
    size_t m_compiled = 0;
};

/// The globals that a pipeline's code has, as Fennel spells them.
const std::vector<std::string>& pipeline_globals();

} // namespace quire::ci
