// Visit: a request on its way to a page, after it was decided that it may be answered.
#pragma once

#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "web/site/run_marks.h"
#include "web/site/site.h"

namespace quire::web {

struct Visit {
    Site& site;
    const http::Request& request;
    /// Null on pages of the whole site. The pages of a repository can rely on it.
    const Repository* repository = nullptr;
    /// The components after the view's name: for "/foo/-/tree/main/src" they are {"main", "src"}.
    std::vector<std::string> rest = {};
    /// Null where the reader may not see runs, or the page has not declared that it shows them.
    RunMarks* run_marks = nullptr;

    const store::RepoName& name() const { return repository->name; }
};

} // namespace quire::web
