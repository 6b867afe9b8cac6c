// What the build embeds: the Fennel compiler and the modules under fennel/, as bytecode made by the very Lua library
// that loads it. This is the only bytecode that quire ever loads.
#pragma once

#include <optional>
#include <string_view>

namespace quire::lua {

struct EmbeddedModule {
    std::string_view name; ///< "fennel", "quire.ci" …
    std::string_view bytecode;
};

/// nullopt when there is no module of that name.
std::optional<EmbeddedModule> embedded_module(std::string_view name);
std::string_view embedded_fennel_version();

} // namespace quire::lua
