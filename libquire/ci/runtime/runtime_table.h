// The runtime table and its functions: what a run-fn can do, one file per group of functions.
//
// A function is native, takes its arguments from the stack, raises an error if they are wrong, and reaches the world
// through Runtime::of(lua). To add one, add it to its group: the table, the globals, the compiler's list of known names
// and the hints for misspelt names follow from that.
#pragma once

#include <string>
#include <vector>

#include "lua/api.h"

#include "ci/runtime/runtime.h"

namespace quire::ci {

// The groups. Each array ends with an empty entry.
extern const luaL_Reg sh_functions[];     ///< sh parallel
extern const luaL_Reg input_functions[];  ///< jobs secret mask env log artifact
extern const luaL_Reg file_functions[];   ///< read-file read-json write-file
extern const luaL_Reg pure_functions[];   ///< base64 json-encode json-decode json-list sha256
extern const luaL_Reg hidden_functions[]; ///< only for quire's own modules; see runtime_hidden.cc

/// The names of all functions except the hidden ones, sorted.
const std::vector<std::string>& runtime_names();

/// The global in which Fennel keeps a name: the name itself, or a mangled form (as for "read-file").
std::string fennel_global(const std::string& name);

/// Pushes the table. Looking up one of its functions raises an error unless a job is running.
void push_runtime_table(lua_State* lua);
/// Makes each function a global that works in jobs.
void set_runtime_globals(lua_State* lua);

/// The longest text that (sh …) can pass to a command's standard input.
constexpr size_t largest_input = 3u << 20;

/// The length of the list; raises if it is not a list.
lua_Integer check_list(lua_State* lua, int index, const char* what);
/// A string argument without NUL bytes. `what` names it in messages.
std::string check_text(lua_State* lua, int index, const char* what);

} // namespace quire::ci
