// The two versions that an address "…/OLD..NEW" compares. Both are full ids of commits, since names move.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

struct Versions {
    git_oid from{}, to{};
};

/// ErrorKind::not_found says in words what is missing.
Result<Versions> find_versions(const git::Repository& repository, std::string_view range);
/// "from OLD to NEW", each a link, for the head of a page that compares them.
Html versions_note(const Visit& visit, const git_oid& from, const git_oid& to);

} // namespace quire::web
