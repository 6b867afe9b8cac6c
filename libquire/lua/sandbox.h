// The globals that code from a repository gets. They can compute, and have no way to anything outside.
//
// Present: the base functions, string, table, math and utf8. Absent: io, os, debug, coroutine, load, loadstring,
// dofile, loadfile, collectgarbage, string.dump, and all of package except two plain tables. Changed:
//   setmetatable   refuses __gc, because finalizers run with the clock stopped
//   pcall, xpcall  check the clock, and rewrite places in messages for people
//   string.*       find, match, gmatch and gsub count their steps (a pattern can take 2^n)
//   table.*        refuses lengths that no table has
//   getmetatable   returns false for a string
// `require` and print belong to the caller: neither is set here.
#pragma once

#include "lua/api.h"

namespace quire::lua {

/// Fills the machine's global table. REQUIRES: a protected context.
void open_sandbox(lua_State* lua);

/// (sealed name table) returns a read-only view of the table. Changing it is an error, and asking for an unknown name
/// raises an error that lists the known ones. `name` stands for the table in messages.
int sealed(lua_State* lua);

/// The parts of open_sandbox, one for each library.
void open_safe_strings(lua_State* lua);
void open_safe_tables(lua_State* lua);

} // namespace quire::lua
