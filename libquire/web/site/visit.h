// Visit: one request on its way to a page, after the decision that it may have an answer.
#pragma once

#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "web/site/site.h"

namespace quire::web {

struct Visit {
    Site& site;
    const http::Request& request;
    /// Null on pages of the whole site. A handler of a repository's page may rely on it.
    const Repository* repository = nullptr;
    /// What follows the view's name in the path: "/foo/-/tree/main/src" has {"main", "src"}.
    std::vector<std::string> rest = {};

    const store::RepoName& name() const { return repository->name; }
};

} // namespace quire::web
