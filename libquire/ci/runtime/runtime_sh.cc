// sh and parallel: the functions that suspend a run-fn.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/strings.h"
#include "ci/language/options.h"
#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "sys/file.h"
#include "text/shell_words.h"

namespace quire::ci {

static void take_command(lua_State* lua, ShRequest& request)
{
    if (lua_type(lua, 1) == LUA_TSTRING) {
        std::string command = check_text(lua, 1, "sh: the command");
        if (trim(command).empty())
            lua::raise(lua, "sh: the command is empty");
        request.argv = {"sh", "-c", command};
        request.shown = std::move(command);
        return;
    }
    if (lua_type(lua, 1) != LUA_TTABLE)
        lua::raise(lua, fmt::format("sh takes a string, or a list of strings, not {}", lua::describe_type(lua, 1)));
    lua_Integer count = check_list(lua, 1, "sh: the command");
    if (count == 0)
        lua::raise(lua, "sh takes a string, or a list of strings that is not empty, not an empty table");
    for (lua_Integer i = 1; i <= count; ++i) {
        int type = lua_rawgeti(lua, 1, i);
        if (type == LUA_TNUMBER)
            lua_tostring(lua, -1);
        request.argv.push_back(check_text(lua, -1, fmt::format("sh: word {} of the command", i).c_str()));
        lua_pop(lua, 1);
        request.shown += (i > 1 ? " " : "") + text::shell_quote(request.argv.back());
    }
    if (request.argv[0].empty())
        lua::raise(lua, "sh: the first word of the command is empty");
}

static void take_environment(lua_State* lua, int index, ShRequest& request)
{
    if (lua_type(lua, index) != LUA_TTABLE)
        lua::raise(lua, "sh: :env must be a table of names to strings");
    for (lua_pushnil(lua); lua_next(lua, index) != 0; lua_pop(lua, 1)) {
        std::string name = lua_type(lua, -2) == LUA_TSTRING ? lua::to_string(lua, -2) : "";
        if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos)
            lua::raise(lua, fmt::format("sh: '{}' in :env is not the name of a variable", name));
        if (lua_type(lua, -1) == LUA_TNUMBER)
            lua_tostring(lua, -1);
        request.environment.emplace_back(name, check_text(lua, -1, fmt::format("sh: {} in :env", name).c_str()));
    }
    std::sort(request.environment.begin(), request.environment.end());
}

static void take_options(lua_State* lua, ShRequest& request)
{
    static const std::vector<std::string> known = {"cwd", "env", "label", "quiet", "stdin", "timeout"};
    if (lua_isnoneornil(lua, 2))
        return;
    if (lua_type(lua, 2) != LUA_TTABLE)
        lua::raise(lua, fmt::format("sh: its options must be a table such as {{:cwd \"sub\"}}, not a {}",
                                    luaL_typename(lua, 2)));
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
        std::string key = lua_type(lua, -2) == LUA_TSTRING ? lua::to_string(lua, -2) : "?";
        int value = lua_gettop(lua);
        if (key == "env") {
            take_environment(lua, value, request);
        } else if (key == "cwd") {
            request.directory = check_text(lua, value, "sh: :cwd");
        } else if (key == "label") {
            request.shown = check_text(lua, value, "sh: :label");
        } else if (key == "quiet") {
            if (!lua_isboolean(lua, value))
                lua::raise(lua, "sh: :quiet must be true or false");
            request.quiet = lua_toboolean(lua, value) != 0;
        } else if (key == "timeout") {
            auto timeout = read_duration(lua, value);
            if (!timeout)
                lua::raise(lua, fmt::format("sh: :timeout {}", timeout.error().message));
            request.timeout = *timeout;
        } else if (key == "stdin") {
            if (lua_type(lua, value) != LUA_TSTRING)
                lua::raise(lua, fmt::format("sh: :stdin must be a string, not {}", lua::describe_type(lua, value)));
            request.input = lua::to_string(lua, value);
            if (request.input.size() > largest_input)
                lua::raise(lua,
                           fmt::format("sh: :stdin has at most {} MiB; write a file for more", largest_input >> 20));
        } else {
            lua::raise(lua, unknown_option("sh", key, known));
        }
    }
}

/// A command must start in the workspace, wherever it runs. If the directory is missing, starting it reports that.
static void check_directory(lua_State* lua, Runtime& runtime, const std::string& path)
{
    if (path.empty())
        return;
    if (!path.starts_with('/')) {
        auto opened = sys::open_beneath(runtime.host().workspace(), path, O_PATH | O_DIRECTORY);
        if (opened || opened.error().code != EXDEV)
            return;
    }
    lua::raise(lua, fmt::format("sh: :cwd \"{}\" leads outside the workspace; it is a path below it", path));
}

/// (sh cmd opts?) returns {:exit :stdout :stderr :cmd :duration}.
static int sh(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    Runtime::Task& task = runtime.current(lua);
    if (!lua_isyieldable(lua))
        lua::raise(lua, "sh can't be called here: a sort, a gsub or a metamethod is waiting for its caller");
    ShRequest request;
    take_command(lua, request);
    take_options(lua, request);
    check_directory(lua, runtime, request.directory);
    return runtime.yield_for_sh(lua, task, std::move(request));
}

/// (parallel f g …) or (parallel [f g …]) returns the functions' results in order.
static int parallel(lua_State* lua)
{
    constexpr lua_Integer most_branches = 256;
    Runtime& runtime = Runtime::of(lua);
    Runtime::Task& task = runtime.current(lua);
    if (!lua_isyieldable(lua))
        lua::raise(lua, "parallel can't be called here: a sort, a gsub or a metamethod is waiting for its caller");
    if (lua_type(lua, 1) == LUA_TTABLE) {
        lua_Integer count = check_list(lua, 1, "parallel: the functions");
        luaL_checkstack(lua, static_cast<int>(std::min(count, most_branches) + 1), "too many functions");
        for (lua_Integer i = 1; i <= count && i <= most_branches + 1; ++i)
            lua_rawgeti(lua, 1, i);
        lua_remove(lua, 1);
        if (count == 0) {
            lua_newtable(lua);
            return 1;
        }
    }
    int count = lua_gettop(lua);
    if (count > most_branches)
        lua::raise(lua, fmt::format("parallel takes at most {} functions", most_branches));
    for (int i = 1; i <= count; ++i)
        if (lua_type(lua, i) != LUA_TFUNCTION)
            lua::raise(lua, fmt::format("parallel takes functions, such as #(sh \"make\"); number {} is a {}", i,
                                        luaL_typename(lua, i)));
    if (count == 0)
        lua::raise(lua, "parallel takes functions, such as #(sh \"make\")");
    return runtime.yield_for_branches(lua, task, 1);
}

const luaL_Reg sh_functions[] = {{"sh", sh}, {"parallel", parallel}, {nullptr, nullptr}};

} // namespace quire::ci
