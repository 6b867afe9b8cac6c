// Lua values to text::Data and back.
//
// Only plain data crosses: nil, booleans, numbers, strings, and tables of them that are either sequences or have
// string keys. Functions, cycles, mixed tables, infinities and whatever is over the bounds are refused with a message
// that names the place ("outputs.artifacts[2]: a function is not data").
#pragma once

#include "lua/api.h"

#include "base/result.h"
#include "text/data.h"

namespace quire::lua {

struct DataLimits {
    size_t bytes = 4u << 20; ///< of all strings and 16 more for each value
    int depth = 32;
};

/// The value at `index`. `name` stands for it in messages. Never runs metamethods; may raise only for memory.
/// An empty table is an empty table, not a sequence, unless it is marked as a list.
Result<text::Data> to_data(lua_State* lua, int index, std::string_view name, const DataLimits& limits = {});

/// Sequences are marked as lists. REQUIRES: a protected context (memory).
void push_data(lua_State* lua, const text::Data& data);

/// Marks the table on top of the stack as a list, by a metatable that nobody gets hold of. REQUIRES: it has no other.
void mark_list(lua_State* lua);
bool is_list(lua_State* lua, int index);

/// What kind of value it is, for messages: "nil", "a table".
const char* describe_type(lua_State* lua, int index);

/// The string at `index` of the stack.
std::string to_string(lua_State* lua, int index);

} // namespace quire::lua
