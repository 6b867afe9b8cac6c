#include "lua/fennel.h"

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "lua/delimiters.h"
#include "lua/embedded.h"
#include "lua/sandbox.h"

namespace quire::lua {

std::string find_module(const SourceFiles& files, const std::string& name)
{
    if (!is_module_name(name))
        return {};
    std::string path = name;
    for (char& byte : path)
        if (byte == '.')
            byte = '/';
    for (const std::string& file : {fmt::format(".quire/lib/{}.fnl", path), fmt::format(".quire/lib/{}/init.fnl", path),
                                    fmt::format(".quire/{}.fnl", path)})
        if (files.contains(file))
            return file;
    return {};
}

std::string why_no_module(const SourceFiles& files, const std::string& name)
{
    if (!is_module_name(name))
        return "that is not the name of a module";
    std::vector<std::string> names = {"quire.ci", "quire.runtime", "quire.stdlib"};
    for (const auto& [path, content] : files)
        if (std::string_view module = path; strip_prefix(module, ".quire/lib/") && strip_suffix(module, ".fnl"))
            names.emplace_back(module);
    auto close = nearest(name, names);
    std::string path = name;
    std::replace(path.begin(), path.end(), '.', '/');
    return fmt::format("there is no .quire/lib/{}.fnl{}", path,
                       close ? fmt::format("; did you mean '{}'?", *close) : "");
}

std::string_view Fennel::version() { return embedded_fennel_version(); }

bool Fennel::push_loader(lua_State* lua, const std::string& name, std::string& why)
{
    auto module = name == "fennel" || name == "quire.compile" ? embedded_module(name) : std::nullopt;
    if (!module) {
        why = "the compiler has no such module";
        return false;
    }
    std::string chunk_name = fmt::format("={}", name);
    if (luaL_loadbufferx(lua, module->bytecode.data(), module->bytecode.size(), chunk_name.c_str(), "b") != LUA_OK)
        lua_error(lua);
    return true;
}

/// (read-source path) returns the text of one of the repository's files, or nil.
int Fennel::read_source(lua_State* lua)
{
    auto& files = *static_cast<const SourceFiles*>(lua_touserdata(lua, lua_upvalueindex(1)));
    std::string path = luaL_checkstring(lua, 1);
    if (path.starts_with("./"))
        path.erase(0, 2);
    auto found = files.find(path);
    if (found == files.end())
        return 0;
    lua_pushlstring(lua, found->second.data(), found->second.size());
    return 1;
}

/// The `load` that Fennel needs for macros. It accepts only text, because bytecode could break the machine.
int Fennel::load_text(lua_State* lua)
{
    size_t length = 0;
    const char* text = luaL_checklstring(lua, 1, &length);
    const char* name = luaL_optstring(lua, 2, "=(load)");
    bool has_environment = !lua_isnone(lua, 4);
    if (luaL_loadbufferx(lua, text, length, name, "t") != LUA_OK) {
        luaL_pushfail(lua);
        lua_insert(lua, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(lua, 4);
        if (!lua_setupvalue(lua, -2, 1))
            lua_pop(lua, 1);
    }
    return 1;
}

Result<std::unique_ptr<Fennel>> Fennel::create(const SourceFiles& files, const std::vector<std::string>& globals,
                                               const Limits& limits)
{
    State state = TRY(State::create(limits));
    std::unique_ptr<Fennel> fennel(new Fennel(files, std::move(state)));
    TRY(fennel->open(globals));
    return fennel;
}

Result<void> Fennel::open(const std::vector<std::string>& globals)
{
    auto body = [&](lua_State* lua) -> int {
        open_sandbox(lua);
        set_require(lua, *this);
        lua_pushcfunction(lua, load_text);
        lua_setglobal(lua, "load");
        lua_getglobal(lua, "require");
        lua_pushliteral(lua, "quire.compile");
        lua_call(lua, 1, 1); // takes the file reader and the globals, returns the compile function
        lua_pushlightuserdata(lua, const_cast<SourceFiles*>(&m_files));
        lua_pushcclosure(lua, read_source, 1);
        lua_createtable(lua, static_cast<int>(globals.size()), 0);
        for (size_t i = 0; i < globals.size(); ++i) {
            lua_pushstring(lua, globals[i].c_str());
            lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
        }
        lua_call(lua, 2, 1);
        m_compile = luaL_ref(lua, LUA_REGISTRYINDEX);
        return 0;
    };
    Failure failure;
    if (!protect(m_state.get(), body, 0, failure))
        return unexpected(failure);
    return {};
}

/// Makes a problem of the table that quire.compile returns for it.
static Problem to_problem(const text::Data& data, const std::string& file, const SourceFiles& files)
{
    Problem problem;
    problem.file = data.string_or("file", file);
    problem.position = {static_cast<uint32_t>(std::max<int64_t>(0, data.integer_or("line", 0))),
                        static_cast<uint32_t>(std::max<int64_t>(0, data.integer_or("column", 0)))};
    problem.message = data.string_or("message", "does not compile");
    if (!files.contains(problem.file)) {
        // Code that a macro made has no file; the file being compiled is blamed.
        problem.file = file;
        problem.position = {};
    }
    problem.hint = data.string_or("hint", "");
    std::string_view module = problem.message;
    if (strip_suffix(module, " module not found."))
        problem.message = fmt::format("module '{}' not found: {}", module, why_no_module(files, std::string(module)));
    return problem;
}

namespace {

/// A file whose flaws are reported as problems while the rest is still examined.
struct Readable {
    std::string rest;   ///< the text with unreadable parts blanked; line numbers stay
    std::string broken; ///< the parts that are missing from it
};

} // namespace

static Readable without_flaws(std::string source, const std::vector<Flaw>& flaws)
{
    Readable readable;
    for (const Flaw& flaw : flaws) {
        readable.broken.append(source, flaw.begin, flaw.end - flaw.begin).append("\n");
        for (size_t at = flaw.begin; at < flaw.end; ++at)
            source[at] = source[at] == '\n' ? '\n' : ' ';
    }
    readable.rest = std::move(source);
    return readable;
}

/// Only the compiler reads a macro module. If its brackets do not match, that is the problem to report.
void Fennel::add_problem(Problem problem, const std::string& file, std::vector<Problem>& problems) const
{
    auto other = problem.file == file ? m_files.end() : m_files.find(problem.file);
    Delimiters delimiters = other == m_files.end() ? Delimiters() : check_delimiters(other->second);
    for (const Flaw& flaw : delimiters.flaws)
        problems.push_back({problem.file, flaw.position, flaw.message, ""});
    if (delimiters.flaws.empty())
        problems.push_back(std::move(problem));
}

std::unique_ptr<Chunk> Fennel::compile(const std::string& file, Role role, int64_t allowance,
                                       std::vector<Problem>& problems)
{
    auto source = m_files.find(file);
    Delimiters delimiters = source == m_files.end() ? Delimiters() : check_delimiters(source->second);
    for (const Flaw& flaw : delimiters.flaws)
        problems.push_back({file, flaw.position, flaw.message, ""});
    if (!delimiters.readable)
        return nullptr;
    lua_State* lua = m_state.get();
    m_state.start_clock(allowance, "compiling");
    auto body = [&](lua_State* inner) -> int {
        lua_rawgeti(inner, LUA_REGISTRYINDEX, m_compile);
        lua_pushlstring(inner, file.data(), file.size());
        lua_pushboolean(inner, role == Role::pipeline);
        if (delimiters.flaws.empty()) {
            lua_call(inner, 2, 3);
            return 3;
        }
        Readable readable = without_flaws(source->second, delimiters.flaws);
        lua_pushlstring(inner, readable.rest.data(), readable.rest.size());
        lua_pushlstring(inner, readable.broken.data(), readable.broken.size());
        lua_call(inner, 4, 3);
        return 3;
    };
    Failure failure;
    if (!protect(lua, body, 3, failure) || m_state.out_of_time()) {
        if (m_state.out_of_time())
            failure.message = fmt::format("compiling took longer than {} s; is there an endless loop in a macro?",
                                          allowance / nanoseconds_per_second);
        else if (failure.out_of_memory)
            failure.message = "compiling needs more memory than a pipeline may use";
        problems.push_back({file, {}, failure.message, ""});
        lua_settop(lua, 0);
        return nullptr;
    }
    // The compile function returns text and lines, or nil, nil and problems.
    std::unique_ptr<Chunk> chunk;
    DataLimits limits{.bytes = 64u << 20, .depth = 4};
    if (lua_type(lua, -3) == LUA_TSTRING) {
        chunk = std::make_unique<Chunk>();
        chunk->file = file;
        chunk->lua = to_string(lua, -3);
        auto lines = to_data(lua, -2, "lines", limits);
        if (lines && lines->sequence())
            for (const text::Data& line : *lines->sequence())
                chunk->lines.push_back(line.integer() ? static_cast<uint32_t>(*line.integer()) : 0);
    } else {
        auto found = to_data(lua, -1, "problems", limits);
        if (found && found->sequence())
            for (const text::Data& problem : *found->sequence())
                add_problem(to_problem(problem, file, m_files), file, problems);
        else if (delimiters.flaws.empty())
            problems.push_back({file, {}, "does not compile", ""});
    }
    lua_settop(lua, 0);
    m_state.stop_clock();
    return chunk;
}

} // namespace quire::lua
