// Options in tables, as job, sh and the recipes of quire.stdlib take them: one message for a misspelt name, one rule
// for a length of time, one for a list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lua/api.h"

#include "base/result.h"

namespace quire::ci {

/// "sh has no option ':evn', did you mean ':env'?; its options are :cwd, :env"
std::string unknown_option(std::string_view what, std::string_view key, const std::vector<std::string>& known);

/// Nanoseconds from a number of seconds, or a text such as "1h30m". The error goes on after the option's name: "must be
/// …".
Result<int64_t> read_duration(lua_State* lua, int index);

/// How many entries a table has that has positions 1 to n and nothing else; the error says what is wrong with it.
Result<lua_Integer> list_length(lua_State* lua, int index);

} // namespace quire::ci
