// `require` for machines that have no package library: package.loaded, then package.preload, then a ModuleFinder.
#pragma once

#include <string>
#include <vector>

#include "lua/api.h"

namespace quire::lua {

class ModuleFinder {
public:
    virtual ~ModuleFinder() = default;
    /// Pushes the module's loader, a function of its name, and yields true; or yields false and says why not.
    virtual bool push_loader(lua_State* lua, const std::string& name, std::string& why) = 0;

    std::vector<std::string> loading; ///< the modules whose loaders run, outermost first; require's own
};

/// Sets the global `require`. `finder` must outlive the machine.
void set_require(lua_State* lua, ModuleFinder& finder);

/// Whether a module's name is one that can be looked up: words of letters, digits, "-" and "_", joined by single dots.
bool is_module_name(std::string_view name);

} // namespace quire::lua
