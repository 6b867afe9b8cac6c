// Reads the option tables of job, sh and quire.stdlib's recipes, so that misspelt names, durations and lists are
// treated the same everywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lua/api.h"

#include "base/result.h"
#include "text/data.h"

namespace quire::ci {

/// "sh has no option ':evn', did you mean ':env'?; its options are :cwd, :env"
std::string unknown_option(std::string_view what, std::string_view key, const std::vector<std::string>& known);

/// Nanoseconds from a number of seconds or a text such as "1h30m". The error continues a sentence that begins with the
/// option's name: "must be …".
Result<int64_t> read_duration(lua_State* lua, int index);

/// What is behind :approve: true, false, or {:within "3d"}. Returns how long a job waits for approval; 0: it needs
/// none.
Result<int64_t> read_approve(lua_State* lua, int index);

struct JobLimits;
/// {:memory "512M" :processes 100 :cpus 1.5}. The error continues a sentence that begins with the option's name.
Result<JobLimits> read_limits(const text::Data& data);

/// The length of a table that has only the keys 1 to n; otherwise the error says what is wrong with it.
Result<lua_Integer> list_length(lua_State* lua, int index);

} // namespace quire::ci
