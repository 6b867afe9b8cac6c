// `require` for machines without a package library: tries package.loaded, then package.preload, then a ModuleFinder.
#pragma once

#include <string>
#include <vector>

#include "lua/api.h"

namespace quire::lua {

class ModuleFinder {
public:
    virtual ~ModuleFinder() = default;
    /// Pushes the module's loader, a function that takes its name, and returns true; or returns false and sets `why`.
    virtual bool push_loader(lua_State* lua, const std::string& name, std::string& why) = 0;

    std::vector<std::string> loading; ///< the modules whose loaders are running, outermost first; for `require` alone
};

/// Sets the global `require`. `finder` must outlive the machine.
void set_require(lua_State* lua, ModuleFinder& finder);

/// Whether the name can be that of a module: words of letters, digits, "-" and "_", joined by single dots.
bool is_module_name(std::string_view name);

} // namespace quire::lua
