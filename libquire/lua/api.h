// Lua's own headers, for the library that was built as C++.
//
// Don't use lua.hpp: it declares everything extern "C", but Debian 13's liblua5.4-c++ has C++ names. The plain headers
// match their library, on Debian 12 too. Every file that needs Lua includes this one.
#pragma once

#include <lua.h>

#include <lauxlib.h>
#include <lualib.h>
