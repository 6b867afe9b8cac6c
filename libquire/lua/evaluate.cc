#include "lua/evaluate.h"

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "lua/fennel.h"
#include "lua/sandbox.h"

namespace quire::lua {

constexpr int64_t time_limit = 2 * nanoseconds_per_second;
constexpr Limits limits = {.memory = 64u << 20};

static const std::vector<std::string>& globals()
{
    static const std::vector<std::string> names = {
        "_G",    "assert",   "error",    "getmetatable", "ipairs", "math",         "next",   "pairs",
        "pcall", "rawequal", "rawget",   "rawlen",       "rawset", "setmetatable", "select", "string",
        "table", "tonumber", "tostring", "type",         "utf8",   "xpcall"};
    return names;
}

/// The Fennel line for a line of the chunk. A line that the compiler made up belongs to the last real one before it.
static uint32_t fennel_line(const Chunk& chunk, uint64_t lua_line)
{
    for (size_t line = std::min<size_t>(lua_line, chunk.lines.size()); line > 0; --line)
        if (chunk.lines[line - 1] != 0)
            return chunk.lines[line - 1];
    return 1;
}

/// Replaces every "<sentinel><line>:" by "<file>:<line>:".
static std::string rewrite_places(const Chunk& chunk, std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        size_t at = std::min(text.find(sentinel), text.size());
        result += text.substr(0, at);
        text.remove_prefix(std::min(at + 1, text.size()));
        std::string_view rest = text;
        strip_prefix(rest, ":");
        if (auto line = parse_decimal(rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size())))) {
            result += fmt::format("{}:{}", chunk.file, fennel_line(chunk, *line));
            text = rest.substr(std::min(rest.find_first_not_of("0123456789"), rest.size()));
        }
    }
    return result;
}

static Result<Chunk> compile(std::string_view source, const std::string& file)
{
    SourceFiles files{{file, std::string(source)}};
    auto fennel = TRY(Fennel::create(files, globals(), limits));
    std::vector<Problem> problems;
    auto chunk = fennel->compile(file, Fennel::Role::module, time_limit, problems);
    if (chunk)
        return std::move(*chunk);
    if (problems.empty())
        return fail(ErrorKind::invalid, "{}: it does not compile", file);
    const Problem& first = problems[0];
    return fail(ErrorKind::invalid, "{}:{}:{}: {}{}", first.file, first.position.line, first.position.column,
                first.message, first.hint.empty() ? "" : "; try " + first.hint);
}

Result<text::Data> evaluate(std::string_view source, std::string_view file)
{
    std::string name(file);
    Chunk chunk = TRY(compile(source, name));
    State state = TRY(State::create(limits));
    std::optional<Result<text::Data>> value;
    auto body = [&](lua_State* lua) -> int {
        open_sandbox(lua);
        std::string chunk_name = fmt::format("={}", sentinel);
        if (luaL_loadbufferx(lua, chunk.lua.data(), chunk.lua.size(), chunk_name.c_str(), "t") != LUA_OK)
            lua_error(lua);
        lua_call(lua, 0, 1);
        value = to_data(lua, -1, name);
        return 0;
    };
    Failure failure;
    state.start_clock(time_limit, "the configuration");
    bool done = protect(state.get(), body, 0, failure);
    bool timed_out = state.out_of_time();
    state.stop_clock();
    if (timed_out)
        return fail(ErrorKind::invalid, "{}: it takes longer than {}", name, format_duration(time_limit));
    if (!done && failure.out_of_memory)
        return fail(ErrorKind::invalid, "{}: it needs more than {} MiB of memory", name, limits.memory >> 20);
    if (!done) {
        std::string text = rewrite_places(chunk, failure.message);
        return fail(ErrorKind::invalid, "{}{}", text.starts_with(name) ? "" : name + ": ", text);
    }
    text::Data data = TRY(std::move(*value));
    if (!data.table())
        return fail(ErrorKind::invalid, "{}: the file yields {}; it must yield a table of settings", name,
                    data.kind_name());
    return data;
}

} // namespace quire::lua
