// Fennel: the compiler, in a machine of its own, and what it makes.
//
// The compiler runs macros, which are code from the repository: its machine is sandboxed and limited like the one
// that executes (no io, no os; `load` takes text only), is used for one repository's files and trusted with nothing.
// It reads just the files that it is given, under their path from the repository's root (".quire/lib/x.fnl").
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

/// Path from the repository's root to content.
using SourceFiles = std::map<std::string, std::string>;

/// Compiled code: Lua text, and the Fennel line that each of its lines comes from (0: none).
struct Chunk {
    std::string file;
    std::string lua;
    std::vector<uint32_t> lines;
};

/// Something wrong with a file. Line and column are 1-based; 0 where they are not known.
struct Problem {
    std::string file;
    text::Position position;
    std::string message;
    std::string hint; ///< what to try; may be empty
};

/// The file that a module's name stands for: .quire/lib/?.fnl, .quire/lib/?/init.fnl, .quire/?.fnl. Empty: none.
std::string find_module(const SourceFiles& files, const std::string& name);

/// Why find_module finds nothing, and which name may have been meant.
std::string why_no_module(const SourceFiles& files, const std::string& name);

class Fennel : private ModuleFinder {
public:
    /// `files` must outlive the object; `globals` are the names that compiled code may use freely.
    static Result<std::unique_ptr<Fennel>> create(const SourceFiles& files, const std::vector<std::string>& globals,
                                                  const Limits& limits);

    enum class Role { pipeline, module };
    /// Compiles one of the files. On failure yields nullptr and appends every problem found in it.
    std::unique_ptr<Chunk> compile(const std::string& file, Role role, int64_t allowance,
                                   std::vector<Problem>& problems);

    /// Of the embedded compiler, as "1.5.3/Lua 5.4": compiled code is good for this one only.
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
