// Submodules: where a link to one leads, as far as .gitmodules says and it is harmless.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "web/html/url.h"
#include "web/site/visit.h"

namespace quire::web {

/// Path to address, of the entries of .gitmodules that have both. Bad lines are passed over.
std::map<std::string, std::string> parse_gitmodules(std::string_view content);

/// The address as a link: http and https as they are (without ".git"), "../other" as a repository here. nullopt for
/// everything else, and for one that carries a password.
std::optional<Url> submodule_link(const store::RepoName& name, std::string_view address);

/// Of the commit; empty without a .gitmodules.
std::map<std::string, std::string> submodules(const git::Repository& repository, const git_oid& commit);

} // namespace quire::web
