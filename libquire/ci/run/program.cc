#include "ci/run/program.h"

#include <algorithm>
#include <tuple>

#include "base/strings.h"
#include "ci/language/validate.h"
#include "ci/runtime/runtime_table.h"
#include "lua/convert.h"
#include "lua/embedded.h"
#include "lua/sandbox.h"

namespace quire::ci {

static const char program_key = 0;
constexpr size_t most_printed = 64u << 10;
/// The names of quire.ci that pipelines may use without taking them from the module.
static constexpr const char* ci_globals[] = {"job", "cron", "manual", "webhook", "output"};

const std::vector<std::string>& pipeline_globals()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result = {"_G",           "_VERSION", "assert",  "error",    "getmetatable", "ipairs",
                                           "math",         "next",     "package", "pairs",    "pcall",        "print",
                                           "rawequal",     "rawget",   "rawlen",  "rawset",   "require",      "select",
                                           "setmetatable", "string",   "table",   "tonumber", "tostring",     "type",
                                           "utf8",         "xpcall",   "ci",      "runtime"};
        result.insert(result.end(), std::begin(ci_globals), std::end(ci_globals));
        result.insert(result.end(), runtime_names().begin(), runtime_names().end());
        return result;
    }();
    return names;
}

Program::Program(SourceTree tree, const ProgramOptions& options)
    : m_tree(std::move(tree)), m_options(options), m_chunks(m_tree), m_registration(m_chunks),
      m_cache(options.cache_directory, m_tree, pipeline_globals())
{}

Program::~Program() = default;

Result<std::unique_ptr<Program>> Program::load(SourceTree tree, const ProgramOptions& options)
{
    std::unique_ptr<Program> program(new Program(std::move(tree), options));
    std::vector<lua::Chunk> cached = program->m_cache.read();
    program->m_cached = !cached.empty();
    for (lua::Chunk& chunk : cached)
        program->m_chunks.add(std::move(chunk));
    program->m_runtime = std::make_unique<Runtime>(program->m_chunks, program->pipeline(), options.slice_limit,
                                                   [self = program.get()](const Job& job) { return self->boot(job); });
    TRY(program->register_pipeline());
    program->finish_diagnostics();
    if (program->m_compiled > 0 && program->diagnostics().empty()) {
        program->m_cached = false;
        program->m_cache.write(program->m_chunks.all());
    }
    program->m_fennel.reset();
    return program;
}

Program& Program::of(lua_State* lua)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &program_key);
    auto* program = static_cast<Program*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    return *program;
}

int Program::print(lua_State* lua)
{
    Program& program = of(lua);
    if (program.m_runtime->in_job()) {
        lua_getglobal(lua, "log");
        lua_insert(lua, 1);
        lua_call(lua, lua_gettop(lua) - 1, 0);
        return 0;
    }
    if (program.m_recall)
        return 0; // it was printed when the top level ran first
    for (int i = 1, count = lua_gettop(lua); i <= count; ++i) {
        size_t length = 0;
        const char* text = luaL_tolstring(lua, i, &length);
        if (program.m_printed.size() + length < most_printed)
            program.m_printed.append(i > 1 ? "\t" : "").append(text, length);
        lua_pop(lua, 1);
    }
    program.m_printed += '\n';
    return 0;
}

template <void (Registration::*Method)(lua_State*), Program::Recalls recalls>
int Program::registering(lua_State* lua)
{
    Program& program = of(lua);
    if (!program.m_registering)
        lua::raise(lua, "jobs are registered at the top level of ci.fnl, not while a job runs");
    lua_checkstack(lua, 8);
    if (program.m_recall) {
        if constexpr (recalls == Recalls::yes)
            recall(lua, *program.m_recall);
        return 0;
    }
    (program.m_registration.*Method)(lua);
    if constexpr (recalls == Recalls::yes)
        program.remember(lua);
    return 0;
}

/// quire.native, which only the modules under fennel/ get.
void Program::push_native(lua_State* lua)
{
    const luaL_Reg functions[] = {{"job", registering<&Registration::job, Recalls::yes>},
                                  {"image", registering<&Registration::image>},
                                  {"sandbox", registering<&Registration::sandbox>},
                                  {"network", registering<&Registration::network>},
                                  {"read_only", registering<&Registration::read_only>},
                                  {"sealed", lua::sealed},
                                  {nullptr, nullptr}};
    lua_newtable(lua);
    luaL_setfuncs(lua, functions, 0);
    luaL_setfuncs(lua, hidden_functions, 0);
}

/// The loader of a repository's module: runs its chunk (upvalue 1). Meanwhile the runtime may be taken apart.
int Program::load_module(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    lua_settop(lua, 1);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    bool outer = runtime.set_loading_module(true);
    int status = lua_pcall(lua, 1, 1, 0);
    runtime.set_loading_module(outer);
    if (status != LUA_OK)
        lua_error(lua);
    return 1;
}

bool Program::push_loader(lua_State* lua, const std::string& name, std::string& why)
{
    if (name == "quire.native" || name == "quire.compile" || name == "fennel") {
        why = "a pipeline can't use it";
        return false;
    }
    if (auto module = name.starts_with("quire.") ? lua::embedded_module(name) : std::nullopt) {
        std::string chunk_name = fmt::format("={}", name);
        if (luaL_loadbufferx(lua, module->bytecode.data(), module->bytecode.size(), chunk_name.c_str(), "b") != LUA_OK)
            lua_error(lua);
        // Our own modules get native functions, which pipelines never see, as the chunk's argument.
        lua_pushcclosure(
            lua,
            [](lua_State* inner) -> int {
                lua_pushvalue(inner, lua_upvalueindex(1));
                of(inner).push_native(inner);
                lua_call(inner, 1, 1);
                return 1;
            },
            1);
        return true;
    }
    std::string file = lua::find_module(m_tree.files, name);
    if (file.empty()) {
        why = lua::why_no_module(m_tree.files, name);
        return false;
    }
    const lua::Chunk* compiled = chunk(file, lua::Fennel::Role::module);
    if (!compiled) {
        why = fmt::format("{} does not compile", file);
        return false;
    }
    m_chunks.push(lua, *compiled);
    lua_pushcclosure(lua, load_module, 1);
    return true;
}

const lua::Chunk* Program::chunk(const std::string& file, lua::Fennel::Role role)
{
    if (const lua::Chunk* known = m_chunks.find(file))
        return known;
    if (!m_fennel) {
        auto fennel = lua::Fennel::create(m_tree.files, pipeline_globals(), {.memory = m_options.memory_limit});
        if (!fennel) {
            m_problems.push_back({file, {}, fennel.error().message, ""});
            return nullptr;
        }
        m_fennel = *std::move(fennel);
    }
    auto compiled = m_fennel->compile(file, role, m_options.registration_limit, m_problems);
    if (!compiled)
        return nullptr;
    ++m_compiled;
    return &m_chunks.add(std::move(*compiled));
}

void Program::open(lua_State* lua)
{
    m_runtime->bind(lua);
    lua::open_sandbox(lua);
    lua::set_require(lua, *this);
    lua_pushcfunction(lua, print);
    lua_setglobal(lua, "print");
    lua_pushlightuserdata(lua, this);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &program_key);
    push_runtime_table(lua);
    lua_pushvalue(lua, -1);
    lua_setglobal(lua, "runtime");
    lua_getglobal(lua, "package");
    lua_getfield(lua, -1, "loaded");
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "quire.runtime");
    lua_settop(lua, 0);
    set_runtime_globals(lua);
    lua_getglobal(lua, "require");
    lua_pushliteral(lua, "quire.ci");
    lua_call(lua, 1, 1);
    for (const char* name : ci_globals) {
        lua_getfield(lua, -1, name);
        lua_setglobal(lua, name);
    }
    lua_setglobal(lua, "ci");
}

/// The run-fn of a call of (job …) in either form, in the registry; LUA_NOREF: it has none.
static int reference_run_fn(lua_State* lua)
{
    if (lua_type(lua, 3) == LUA_TFUNCTION)
        lua_pushvalue(lua, 3);
    else if (lua_istable(lua, 2))
        lua_getfield(lua, 2, "run");
    else
        return LUA_NOREF;
    return lua_isfunction(lua, -1) ? luaL_ref(lua, LUA_REGISTRYINDEX) : LUA_NOREF;
}

void Program::recall(lua_State* lua, Recall& wanted)
{
    if (lua_type(lua, 1) == LUA_TSTRING && wanted.function == LUA_NOREF && lua::to_string(lua, 1) == wanted.job)
        wanted.function = reference_run_fn(lua);
}

void Program::remember(lua_State* lua)
{
    if (lua_type(lua, 1) == LUA_TSTRING)
        m_run_fns.emplace(lua::to_string(lua, 1), reference_run_fn(lua));
}

bool Program::run_top_level(lua::State& state, const lua::Chunk& compiled, lua::Failure& failure)
{
    auto body = [&](lua_State* lua) {
        open(lua);
        m_chunks.push(lua, compiled);
        m_registering = true;
        lua_call(lua, 0, 0);
        return 0;
    };
    state.set_rewrite([this](std::string_view text) { return m_chunks.rewrite(text); });
    state.start_clock(m_options.registration_limit, "registration");
    bool complete = lua::protect(state.get(), body, 0, failure);
    // Even if a pcall in the pipeline caught the error, time was up.
    if (state.out_of_time())
        failure.message = failure.message.empty() ? "registration took too long" : failure.message;
    complete = complete && !state.out_of_time();
    m_registering = false;
    state.stop_clock();
    return complete;
}

Result<void> Program::register_pipeline()
{
    const lua::Chunk* compiled = chunk(pipeline_file, lua::Fennel::Role::pipeline);
    if (!compiled)
        return {};
    lua::State state = TRY(lua::State::create({.memory = m_options.memory_limit}));
    lua::Failure failure;
    if (!run_top_level(state, *compiled, failure)) {
        fail_with(failure);
        return {};
    }
    if (!m_problems.empty() || m_registration.too_many)
        return {}; // a module did not compile, so the other errors mean nothing
    validate(m_registration.pipeline, m_registration.diagnostics);
    if (m_registration.pipeline.jobs.empty() && m_registration.diagnostics.empty())
        m_registration.diagnostics.push_back({{pipeline_file, {1, 1}}, "The pipeline registers no job.", "", ""});
    m_registrar = std::move(state);
    return {};
}

std::optional<lua::State> Program::take_registrar(const Job& job)
{
    std::optional<lua::State> state = std::exchange(m_registrar, std::nullopt);
    auto function = m_run_fns.find(job.id);
    if (!state || function == m_run_fns.end() || function->second == LUA_NOREF || !lua_checkstack(state->get(), 1))
        return std::nullopt;
    lua_rawgeti(state->get(), LUA_REGISTRYINDEX, function->second);
    return state;
}

Result<lua::State> Program::boot(const Job& job)
{
    if (auto registrar = take_registrar(job))
        return std::move(*registrar);
    lua::State state = TRY(lua::State::create({.memory = m_options.memory_limit}));
    Recall wanted{job.id};
    m_recall = &wanted;
    lua::Failure failure;
    bool complete = run_top_level(state, *chunk(pipeline_file, lua::Fennel::Role::pipeline), failure);
    m_recall = nullptr;
    if (!complete) {
        Diagnostic why = explain(failure);
        return fail(ErrorKind::invalid, "{}: {} (when the file was run again for job '{}')", to_string(why.place),
                    why.message, job.id);
    }
    if (wanted.function == LUA_NOREF)
        return fail(
            ErrorKind::invalid,
            "{}: job '{}' was not registered when the file was run again for it; its top level must do the same "
            "every time",
            to_string(job.place), job.id);
    if (!lua_checkstack(state.get(), 1))
        return fail(ErrorKind::system, "job '{}': not enough memory", job.id);
    lua_rawgeti(state.get(), LUA_REGISTRYINDEX, wanted.function);
    return state;
}

Diagnostic Program::explain(const lua::Failure& failure) const
{
    std::string_view text = failure.message;
    SourcePlace place = m_chunks.take_place(text);
    if (place.position.line == 0) {
        // The innermost frame of pipeline code, if there is one.
        std::string_view frames = failure.traceback;
        if (size_t at = frames.find(lua::sentinel); at != frames.npos)
            place = m_chunks.take_place(frames = frames.substr(at));
        if (place.position.line == 0)
            place.file = pipeline_file;
    }
    std::string message = m_chunks.rewrite(text);
    if (failure.out_of_memory)
        message = fmt::format("registration needs more than {} MiB of memory", m_options.memory_limit >> 20);
    return {place, message, "", ""};
}

/// The file raised: its registrations so far count, but missing names may just not have been reached.
void Program::fail_with(const lua::Failure& failure)
{
    if (m_problems.empty()) // otherwise a module did not compile, which was reported
        m_registration.diagnostics.push_back(explain(failure));
}

void Program::finish_diagnostics()
{
    std::vector<Diagnostic>& all = m_registration.diagnostics;
    for (const lua::Problem& problem : m_problems)
        all.push_back({{problem.file, problem.position}, m_chunks.rewrite(problem.message), problem.hint, ""});
    for (Diagnostic& diagnostic : all) {
        m_chunks.complete(diagnostic.place, diagnostic.message);
        diagnostic.source_line = m_tree.line(diagnostic.place.file, diagnostic.place.position.line);
    }
    std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
        auto key = [](const Diagnostic& d) {
            return std::tuple(d.place.file, d.place.position.line, d.place.position.column);
        };
        return key(a) < key(b);
    });
}

} // namespace quire::ci
