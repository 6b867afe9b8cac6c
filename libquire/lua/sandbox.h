// The globals that code from a repository gets: pure computation, and no way to anything else.
//
// There: the base functions, string, table, math and utf8. Not there: io, os, debug, coroutine, load, loadstring,
// dofile, loadfile, collectgarbage, string.dump and all of package but two plain tables. Changed:
//   setmetatable   refuses __gc: finalizers run with the clock stopped
//   pcall, xpcall  look at the clock, and name places as a person would
//   string.*       find, match, gmatch and gsub count their steps (a pattern can take 2^n)
//   table.*        refuses lengths that no table has
//   getmetatable   of a string yields false
// `require` is the caller's own function and print too: neither is set here.
#pragma once

#include "lua/api.h"

namespace quire::lua {

/// Fills the machine's global table. REQUIRES: a protected context.
void open_sandbox(lua_State* lua);

/// (sealed name table) → a table that reads as that one, refuses changes, and says which names there are when it is
/// asked for another. `name` stands for it in messages.
int sealed(lua_State* lua);

/// The parts of open_sandbox, one library each.
void open_safe_strings(lua_State* lua);
void open_safe_tables(lua_State* lua);

} // namespace quire::lua
