#include "lua/convert.h"

#include <algorithm>
#include <cmath>

namespace quire::lua {

using text::Data;

std::string to_string(lua_State* lua, int index)
{
    size_t length = 0;
    const char* text = lua_tolstring(lua, index, &length);
    return text ? std::string(text, length) : std::string();
}

const char* describe_type(lua_State* lua, int index)
{
    switch (lua_type(lua, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
        return "nil";
    case LUA_TBOOLEAN:
        return "a boolean";
    case LUA_TNUMBER:
        return "a number";
    case LUA_TSTRING:
        return "a string";
    case LUA_TTABLE:
        return "a table";
    case LUA_TFUNCTION:
        return "a function";
    default:
        return "something else";
    }
}

static const char list_key = 0;

void mark_list(lua_State* lua)
{
    if (lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_key) == LUA_TNIL) {
        lua_pop(lua, 1);
        lua_createtable(lua, 0, 1);
        lua_pushboolean(lua, 0);
        lua_setfield(lua, -2, "__metatable");
        lua_pushvalue(lua, -1);
        lua_rawsetp(lua, LUA_REGISTRYINDEX, &list_key);
    }
    lua_setmetatable(lua, -2);
}

bool is_list(lua_State* lua, int index)
{
    if (!lua_checkstack(lua, 2) || !lua_getmetatable(lua, index))
        return false;
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_key);
    bool is = lua_rawequal(lua, -1, -2) != 0;
    lua_pop(lua, 2);
    return is;
}

namespace {

class Reader {
public:
    Reader(lua_State* lua, const DataLimits& limits) : m_lua(lua), m_left(limits.bytes), m_limits(limits) {}

    Result<Data> value(int index, const std::string& place)
    {
        TRY(spend(16, place));
        switch (lua_type(m_lua, index)) {
        case LUA_TNIL:
            return Data();
        case LUA_TBOOLEAN:
            return Data(lua_toboolean(m_lua, index) != 0);
        case LUA_TNUMBER:
            return number(index, place);
        case LUA_TSTRING: {
            std::string text = to_string(m_lua, index);
            TRY(spend(text.size(), place));
            return Data(std::move(text));
        }
        case LUA_TTABLE:
            return table(lua_absindex(m_lua, index), place);
        default:
            return fail(ErrorKind::invalid, "{}: a {} is not data", place, luaL_typename(m_lua, index));
        }
    }

private:
    Result<void> spend(size_t bytes, const std::string& place)
    {
        if (bytes > m_left)
            return fail(ErrorKind::invalid, "{}: more than {} KiB of data", place, m_limits.bytes >> 10);
        m_left -= bytes;
        return {};
    }

    Result<Data> number(int index, const std::string& place)
    {
        if (lua_isinteger(m_lua, index))
            return Data(int64_t{lua_tointeger(m_lua, index)});
        double number = lua_tonumber(m_lua, index);
        if (!std::isfinite(number))
            return fail(ErrorKind::invalid, "{}: {} is not data", place, number);
        return Data(number);
    }

    Result<Data> table(int index, const std::string& place)
    {
        const void* identity = lua_topointer(m_lua, index);
        if (std::find(m_open.begin(), m_open.end(), identity) != m_open.end())
            return fail(ErrorKind::invalid, "{}: a table that contains itself is not data", place);
        if (static_cast<int>(m_open.size()) >= m_limits.depth || !lua_checkstack(m_lua, 4))
            return fail(ErrorKind::invalid, "{}: tables nested deeper than {}", place, m_limits.depth);
        m_open.push_back(identity);
        lua_Unsigned length = lua_rawlen(m_lua, index);
        auto result = length > 0 ? sequence(index, length, place) : keyed(index, place);
        if (result && result->table() && result->table()->empty() && is_list(m_lua, index))
            result = Data(Data::Sequence{});
        m_open.pop_back();
        return result;
    }

    Result<Data> sequence(int index, lua_Unsigned length, const std::string& place)
    {
        lua_Unsigned entries = 0;
        for (lua_pushnil(m_lua); lua_next(m_lua, index) != 0; lua_pop(m_lua, 1)) {
            ++entries;
            if (!lua_isinteger(m_lua, -2)) {
                lua_pop(m_lua, 2);
                return fail(ErrorKind::invalid, "{}: a table with both positions and keys is not data", place);
            }
        }
        if (entries != length)
            return fail(ErrorKind::invalid, "{}: a sequence with holes is not data", place);
        Data::Sequence result;
        for (lua_Unsigned i = 1; i <= length; ++i) {
            lua_rawgeti(m_lua, index, static_cast<lua_Integer>(i));
            auto item = value(-1, fmt::format("{}[{}]", place, i));
            lua_pop(m_lua, 1);
            result.push_back(TRY(std::move(item)));
        }
        return Data(std::move(result));
    }

    Result<Data> keyed(int index, const std::string& place)
    {
        Data::Table result;
        lua_pushnil(m_lua);
        while (lua_next(m_lua, index) != 0) {
            if (lua_type(m_lua, -2) != LUA_TSTRING) {
                std::string type = luaL_typename(m_lua, -2);
                lua_pop(m_lua, 2);
                return fail(ErrorKind::invalid, "{}: a {} as a key is not data", place, type);
            }
            std::string key = to_string(m_lua, -2);
            auto spent = spend(key.size(), place);
            auto item = spent ? value(-1, fmt::format("{}.{}", place, key.substr(0, 100)))
                              : Result<Data>(Unexpected(std::move(spent).error()));
            if (!item) {
                lua_pop(m_lua, 2);
                return item;
            }
            result.emplace_back(std::move(key), *std::move(item));
            lua_pop(m_lua, 1);
        }
        // Lua has no order of keys, but ours must be the same in every run.
        std::sort(result.begin(), result.end(), [](auto& a, auto& b) { return a.first < b.first; });
        return Data(std::move(result));
    }

    lua_State* m_lua;
    size_t m_left;
    DataLimits m_limits;
    std::vector<const void*> m_open;
};

} // namespace

Result<Data> to_data(lua_State* lua, int index, std::string_view name, const DataLimits& limits)
{
    int top = lua_gettop(lua);
    auto result = Reader(lua, limits).value(lua_absindex(lua, index), std::string(name));
    lua_settop(lua, top);
    return result;
}

void push_data(lua_State* lua, const Data& data)
{
    luaL_checkstack(lua, 6, "data nested too deep");
    switch (data.kind()) {
    case Data::Kind::nil:
        lua_pushnil(lua);
        break;
    case Data::Kind::boolean:
        lua_pushboolean(lua, *data.boolean());
        break;
    case Data::Kind::integer:
        lua_pushinteger(lua, *data.integer());
        break;
    case Data::Kind::number:
        lua_pushnumber(lua, *data.number());
        break;
    case Data::Kind::string:
        lua_pushlstring(lua, data.string()->data(), data.string()->size());
        break;
    case Data::Kind::sequence:
        lua_createtable(lua, static_cast<int>(std::min<size_t>(data.sequence()->size(), 1u << 20)), 0);
        for (size_t i = 0; i < data.sequence()->size(); ++i) {
            push_data(lua, (*data.sequence())[i]);
            lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
        }
        mark_list(lua);
        break;
    case Data::Kind::table:
        lua_createtable(lua, 0, static_cast<int>(std::min<size_t>(data.table()->size(), 1u << 20)));
        for (const auto& [key, value] : *data.table()) {
            lua_pushlstring(lua, key.data(), key.size());
            push_data(lua, value);
            lua_rawset(lua, -3);
        }
        break;
    }
}

} // namespace quire::lua
