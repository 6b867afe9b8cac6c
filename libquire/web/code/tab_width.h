// How wide a tab is in a file: what the ".editorconfig" files of its commit say, the nearest last.
#pragma once

#include <string_view>

#include "git/repository.h"

namespace quire::web {

/// 8 where nothing else is said.
int tab_width_of(const git::Repository& repository, const git_oid& commit, std::string_view path);

} // namespace quire::web
