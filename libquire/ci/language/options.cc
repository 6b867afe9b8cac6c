#include "ci/language/options.h"

#include "base/duration.h"
#include "base/strings.h"
#include "base/time.h"
#include "lua/convert.h"

namespace quire::ci {

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
