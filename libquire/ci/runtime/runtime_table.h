// The runtime table and its functions: what a run-fn can do, one file per group.
//
// A function is native, takes its arguments from the stack, raises what is wrong with them, and reaches the world
// through Runtime::of(lua). Adding one means adding it to its group; the table, the globals, the compiler's list of
// known names and the hints for misspelt ones follow.
#pragma once

#include <string>
#include <vector>

#include "lua/api.h"

#include "ci/runtime/runtime.h"

namespace quire::ci {

// The groups; each ends with an empty entry.
extern const luaL_Reg sh_functions[];     ///< sh parallel
extern const luaL_Reg input_functions[];  ///< jobs secret mask env log artifact
extern const luaL_Reg file_functions[];   ///< read-file read-json write-file
extern const luaL_Reg pure_functions[];   ///< base64 json-encode json-decode json-list sha256
extern const luaL_Reg hidden_functions[]; ///< for quire's own modules only; see runtime_hidden.cc

/// The names of all but the hidden ones, sorted.
const std::vector<std::string>& runtime_names();

/// The global under which Fennel looks a name up: itself, or mangled ("read-file").
std::string fennel_global(const std::string& name);

/// Pushes the table. Its functions are there while a job runs; before that, looking one up raises.
void push_runtime_table(lua_State* lua);
/// Makes each of its functions a global, to be called in a job.
void set_runtime_globals(lua_State* lua);

/// The text that (sh …) can hand to a command's standard input.
constexpr size_t largest_input = 3u << 20;

/// How long the list is; raises when it is none.
lua_Integer check_list(lua_State* lua, int index, const char* what);
/// A string argument without NUL bytes; `what` stands for it in messages.
std::string check_text(lua_State* lua, int index, const char* what);

} // namespace quire::ci
