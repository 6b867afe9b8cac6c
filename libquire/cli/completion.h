// Completion scripts for the verbs of `quire`, written from their table: for bash, zsh and fish.
//
// They complete verbs, options, values of which there are only some, and the names of repositories, which they ask
// `quire list --names` for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::cli {

/// nullopt for another shell.
std::optional<std::string> completion_script(std::string_view shell);

} // namespace quire::cli
