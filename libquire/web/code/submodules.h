// Submodules: where the link to one leads, if .gitmodules says so and the address is harmless.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "web/html/url.h"
#include "web/site/visit.h"

namespace quire::web {

/// Maps paths to addresses, for the entries of .gitmodules that have both. Bad lines are ignored.
std::map<std::string, std::string> parse_gitmodules(std::string_view content);

/// The address as a link: http and https as they are (without ".git"), "../other" as a repository on this server.
/// nullopt for everything else, and for addresses with a password.
std::optional<Url> submodule_link(const store::RepoName& name, std::string_view address);

/// The submodules of a commit; empty if it has no .gitmodules.
std::map<std::string, std::string> submodules(const git::Repository& repository, const git_oid& commit);

} // namespace quire::web
