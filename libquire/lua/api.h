// Lua's own headers, for the library that was built as C++.
//
// Not lua.hpp: it declares everything extern "C", and Debian 13's liblua5.4-c++ has C++ names. The headers themselves
// say what the library beside them has, on Debian 12 too. Everything that needs Lua includes this.
#pragma once

#include <lua.h>

#include <lauxlib.h>
#include <lualib.h>
