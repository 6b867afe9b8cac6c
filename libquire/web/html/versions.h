// The two versions that an address "…/OLD..NEW" compares. Both are full ids of commits, since names move.
#pragma once

#include "git/repository.h"
#include "web/site/visit.h"

namespace quire::web {

struct Versions {
    git_oid from{}, to{};
};

/// ErrorKind::not_found says in words what is missing.
Result<Versions> find_versions(const git::Repository& repository, std::string_view range);

} // namespace quire::web
