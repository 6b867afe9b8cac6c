// Completion scripts for the verbs of `quire` (bash, zsh and fish), generated from the table of verbs.
//
// They complete verbs, options, values from a fixed list, and names of repositories, for which they run `quire list
// --names`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::cli {

/// nullopt for an unknown shell.
std::optional<std::string> completion_script(std::string_view shell);

} // namespace quire::cli
