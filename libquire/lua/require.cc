#include "lua/require.h"

#include <algorithm>

#include "base/strings.h"
#include "lua/call.h"
#include "lua/convert.h"

namespace quire::lua {

bool is_module_name(std::string_view name)
{
    if (name.size() > 100)
        return false;
    for (std::string_view word : split(name, '.')) {
        if (word.empty())
            return false;
        for (char byte : word)
            if (!std::isalnum(static_cast<unsigned char>(byte)) && byte != '-' && byte != '_')
                return false;
    }
    return true;
}

namespace {

/// Marks a module as loading while its loader runs; an error removes the mark too.
class Loading {
public:
    Loading(ModuleFinder& finder, const std::string& name) : m_finder(finder) { finder.loading.push_back(name); }
    ~Loading() { m_finder.loading.pop_back(); }
    Loading(const Loading&) = delete;
    Loading& operator=(const Loading&) = delete;

private:
    ModuleFinder& m_finder;
};

} // namespace

static void refuse_circle(lua_State* lua, const ModuleFinder& finder, const std::string& name)
{
    auto begin = std::find(finder.loading.begin(), finder.loading.end(), name);
    if (begin == finder.loading.end())
        return;
    std::string circle;
    for (auto module = begin; module != finder.loading.end(); ++module)
        circle += *module + " -> ";
    bool is_own = begin + 1 == finder.loading.end();
    raise(lua,
          fmt::format("{}: {}{}", is_own ? "a module requires itself" : "modules require each other", circle, name));
}

static int require_module(lua_State* lua)
{
    luaL_checkstring(lua, 1);
    std::string name = to_string(lua, 1); // the whole string, including NUL bytes
    lua_settop(lua, 1);
    lua_pushvalue(lua, lua_upvalueindex(1)); // 2: loaded
    if (lua_getfield(lua, 2, name.c_str()) != LUA_TNIL)
        return 1;
    lua_pop(lua, 1);
    auto& finder = *static_cast<ModuleFinder*>(lua_touserdata(lua, lua_upvalueindex(3)));
    refuse_circle(lua, finder, name);
    Loading loading(finder, name);
    lua_pushvalue(lua, lua_upvalueindex(2));
    if (lua_getfield(lua, -1, name.c_str()) != LUA_TFUNCTION) {
        std::string why = "there is no such module";
        if (!finder.push_loader(lua, name, why))
            raise(lua, fmt::format("module '{}' not found: {}", name, why));
    }
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, 1);
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        if (lua_getfield(lua, 2, name.c_str()) != LUA_TNIL)
            return 1;
        lua_pop(lua, 1);
        lua_pushboolean(lua, 1);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, 2, name.c_str());
    return 1;
}

void set_require(lua_State* lua, ModuleFinder& finder)
{
    lua_getglobal(lua, "package");
    lua_getfield(lua, -1, "loaded");
    lua_getfield(lua, -2, "preload");
    lua_pushlightuserdata(lua, &finder);
    lua_pushcclosure(lua, require_module, 3);
    lua_setglobal(lua, "require");
    lua_pop(lua, 1);
}

} // namespace quire::lua
