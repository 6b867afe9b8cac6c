// Fennel: the compiler, in a Lua machine of its own, and the code that it makes.
//
// The compiler runs macros, which are code from the repository. So its machine is sandboxed and limited like the one
// that executes (no io, no os; `load` accepts only text) and serves one repository only. It can read only the files
// that it is given, by their path from the repository's root (".quire/lib/x.fnl").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "lua/require.h"
#include "lua/state.h"
#include "text/data.h"

namespace quire::lua {

/// Maps a path from the repository's root to the file's content.
using SourceFiles = std::map<std::string, std::string>;

/// Compiled code: Lua text, and for each of its lines the Fennel line that it comes from (0: none).
struct Chunk {
    std::string file;
    std::string lua;
    std::vector<uint32_t> lines;
};

/// A problem in a file. Line and column begin at 1; 0 means unknown.
struct Problem {
    std::string file;
    text::Position position;
    std::string message;
    std::string hint; ///< what to try instead; may be empty
};

/// The file of a module: .quire/lib/?.fnl, .quire/lib/?/init.fnl or .quire/?.fnl. Empty if there is none.
std::string find_module(const SourceFiles& files, const std::string& name);

/// Explains why find_module found nothing, and suggests a similar name.
std::string why_no_module(const SourceFiles& files, const std::string& name);

class Fennel : private ModuleFinder {
public:
    /// `files` must outlive the object; `globals` are the names that compiled code may use.
    static Result<std::unique_ptr<Fennel>> create(const SourceFiles& files, const std::vector<std::string>& globals,
                                                  const Limits& limits);

    enum class Role { pipeline, module };
    /// Compiles one of the files. On failure returns nullptr and appends every problem that was found.
    std::unique_ptr<Chunk> compile(const std::string& file, Role role, int64_t allowance,
                                   std::vector<Problem>& problems);

    /// The version of the embedded compiler, such as "1.5.3/Lua 5.4". Compiled code works only with this version.
    static std::string_view version();

private:
    Fennel(const SourceFiles& files, State state) : m_files(files), m_state(std::move(state)) {}
    Result<void> open(const std::vector<std::string>& globals);
    bool push_loader(lua_State* lua, const std::string& name, std::string& why) override;
    void add_problem(Problem problem, const std::string& file, std::vector<Problem>& problems) const;
    static int read_source(lua_State* lua);
    static int load_text(lua_State* lua);

    const SourceFiles& m_files;
    State m_state;
    int m_compile = LUA_NOREF; ///< the function of quire.compile
};

} // namespace quire::lua
