#include "ci/language/options.h"

#include "base/duration.h"
#include "base/strings.h"
#include "base/time.h"
#include "ci/language/pipeline.h"
#include "lua/convert.h"

namespace quire::ci {

using text::Data;

std::string unknown_option(std::string_view what, std::string_view key, const std::vector<std::string>& known)
{
    auto close = nearest(key, known);
    return fmt::format("{} has no option ':{}'{}; its options are :{}", what, key,
                       close ? fmt::format(", did you mean ':{}'?", *close) : "", join(known, ", :"));
}

Result<int64_t> read_duration(lua_State* lua, int index)
{
    constexpr double longest = 366.0 * 24 * 60 * 60;
    if (lua_type(lua, index) == LUA_TNUMBER) {
        double seconds = lua_tonumber(lua, index);
        if (!(seconds > 0) || seconds > longest)
            return fail(ErrorKind::invalid, "must be more than 0 seconds and at most a year");
        return static_cast<int64_t>(seconds * static_cast<double>(nanoseconds_per_second));
    }
    if (lua_type(lua, index) != LUA_TSTRING)
        return fail(ErrorKind::invalid, "must be a number of seconds or a text such as \"10m\", not {}",
                    lua::describe_type(lua, index));
    auto duration = parse_duration(lua::to_string(lua, index));
    if (!duration)
        return fail(ErrorKind::invalid, "must be a number of seconds or a text such as \"10m\": {}",
                    duration.error().message);
    return duration;
}

Result<int64_t> read_approve(lua_State* lua, int index)
{
    constexpr int64_t unless_told = int64_t{24} * 60 * 60 * nanoseconds_per_second;
    if (lua_type(lua, index) == LUA_TBOOLEAN)
        return lua_toboolean(lua, index) != 0 ? unless_told : 0;
    auto data = lua::to_data(lua, index, ":approve");
    if (!data || !data->table() || data->table()->empty())
        return fail(ErrorKind::invalid, "must be true or a table such as {{:within \"3d\"}}, not {}",
                    lua::describe_type(lua, index));
    for (const auto& [key, value] : *data->table())
        if (key != "within")
            return fail(ErrorKind::invalid, "knows :within, not ':{}'", key);
    lua_getfield(lua, index, "within");
    auto within = read_duration(lua, lua_gettop(lua));
    lua_pop(lua, 1);
    if (!within)
        return fail(ErrorKind::invalid, ":within {}", within.error().message);
    return within;
}

/// Bytes from a number, or a text such as "512M": K, M and G are powers of 1024.
static Result<uint64_t> read_bytes(const Data& data)
{
    constexpr uint64_t least = 1u << 20, most = uint64_t{1} << 50;
    std::optional<uint64_t> bytes;
    if (const int64_t* number = data.integer(); number && *number > 0)
        bytes = static_cast<uint64_t>(*number);
    if (const std::string* text = data.string(); text && !text->empty()) {
        size_t unit = std::string_view("KMG").find(text->back());
        auto number = parse_decimal(std::string_view(*text).substr(0, text->size() - (unit < 3)));
        if (number && *number < most)
            bytes = *number << (unit < 3 ? 10 * (unit + 1) : 0);
    }
    if (!bytes || *bytes < least || *bytes > most)
        return fail(ErrorKind::invalid, ":memory must be a text such as \"512M\" or \"2G\", at least 1M");
    return *bytes;
}

Result<JobLimits> read_limits(const Data& data)
{
    constexpr uint32_t most_processes = 1'000'000, most_cpus = 4096;
    JobLimits limits;
    if (!data.table() || data.table()->empty())
        return fail(ErrorKind::invalid, "must be a table such as {{:memory \"512M\" :processes 100 :cpus 2}}");
    for (const auto& [key, value] : *data.table()) {
        const int64_t* whole = value.integer();
        if (key == "memory") {
            limits.memory = TRY(read_bytes(value));
        } else if (key == "processes") {
            if (!whole || *whole < 1 || *whole > most_processes)
                return fail(ErrorKind::invalid, ":processes must be a whole number from 1 to {}", most_processes);
            limits.processes = static_cast<uint32_t>(*whole);
        } else if (key == "cpus") {
            double cpus = whole ? static_cast<double>(*whole) : value.number() ? *value.number() : 0;
            if (!(cpus >= 0.01) || cpus > most_cpus)
                return fail(ErrorKind::invalid, ":cpus must be a number from 0.01 to {}", most_cpus);
            limits.cpus = cpus;
        } else {
            return fail(ErrorKind::invalid, "knows :memory, :processes and :cpus, not ':{}'", key);
        }
    }
    return limits;
}

Result<lua_Integer> list_length(lua_State* lua, int index)
{
    index = lua_absindex(lua, index);
    if (lua_type(lua, index) != LUA_TTABLE)
        return fail(ErrorKind::invalid, "must be a list, not {}", lua::describe_type(lua, index));
    auto length = static_cast<lua_Integer>(lua_rawlen(lua, index));
    lua_Integer entries = 0;
    bool has_keys = false;
    for (lua_pushnil(lua); lua_next(lua, index) != 0; lua_pop(lua, 1)) {
        ++entries;
        has_keys = has_keys || !lua_isinteger(lua, -2);
    }
    if (has_keys)
        return fail(ErrorKind::invalid, "must be a list, not a table with keys");
    if (entries != length)
        return fail(ErrorKind::invalid, "must be a list without holes; one of its entries is nil");
    return length;
}

} // namespace quire::ci
