// Lua values to text::Data and back.
//
// Only plain data can be converted: nil, booleans, numbers, strings, and tables that are sequences or have string keys.
// Functions, cycles, mixed tables, infinities and data over the limits are refused with a message that names the place
// ("outputs.artifacts[2]: a function is not data").
#pragma once

#include "lua/api.h"

#include "base/result.h"
#include "text/data.h"

namespace quire::lua {

struct DataLimits {
    size_t bytes = 4u << 20; ///< of all strings, plus 16 for each value
    int depth = 32;
};

/// Converts the value at `index`. `name` stands for it in messages. Never runs metamethods; raises only if memory runs
/// out. An empty table becomes an empty table, not a sequence, unless it is marked as a list.
Result<text::Data> to_data(lua_State* lua, int index, std::string_view name, const DataLimits& limits = {});

/// Pushes the value. Sequences are marked as lists. REQUIRES: a protected context, since memory may run out.
void push_data(lua_State* lua, const text::Data& data);

/// Marks the table on top of the stack as a list by a metatable that pipelines can't reach. REQUIRES: it has none yet.
void mark_list(lua_State* lua);
bool is_list(lua_State* lua, int index);

/// The type of the value, for messages: "nil", "a table".
const char* describe_type(lua_State* lua, int index);

/// The string at `index` of the stack.
std::string to_string(lua_State* lua, int index);

} // namespace quire::lua
