// The width of tabs in a file, from the ".editorconfig" files of its commit; the nearest one takes precedence.
#pragma once

#include <string_view>

#include "git/repository.h"

namespace quire::web {

/// 8 if nothing else is said.
int tab_width_of(const git::Repository& repository, const git_oid& commit, std::string_view path);

} // namespace quire::web
