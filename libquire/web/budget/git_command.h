// A git command in a repository, as every page runs one: paths are literal, no lock is taken, nothing is inherited.
//
// Arguments are full object ids and what is attached to an option ("-S" + words); a path stands behind "--".
#pragma once

#include "sys/process.h"
#include "web/site/site.h"

namespace quire::web {

sys::Command git_command(const Repository& where, const std::vector<std::string>& arguments);

} // namespace quire::web
