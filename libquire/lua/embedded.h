// The Fennel compiler and the modules under fennel/, embedded by the build as bytecode. The same Lua library makes and
// loads them, and quire loads no other bytecode.
#pragma once

#include <optional>
#include <string_view>

namespace quire::lua {

struct EmbeddedModule {
    std::string_view name; ///< "fennel", "quire.ci" …
    std::string_view bytecode;
    std::string_view digest; ///< SHA-256 of the bytecode, in hex
};

/// nullopt when no module has that name.
std::optional<EmbeddedModule> embedded_module(std::string_view name);
std::string_view embedded_fennel_version();

} // namespace quire::lua
