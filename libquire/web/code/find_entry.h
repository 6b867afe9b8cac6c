// What is at a place, for pages of one file: by the index of entries if it is of that commit, else by the trees.
#pragma once

#include "web/site/visit.h"

namespace quire::web {

std::optional<git::Entry> find_entry(const Visit& visit, const git::Repository& repository, const git::Place& place);

} // namespace quire::web
