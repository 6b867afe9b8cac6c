// Visit: a request on its way to a page, after it was decided that it may be answered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "web/site/run_marks.h"
#include "web/site/site.h"

namespace quire::web {

struct Visit;
/// Keeps a page that was sent in pieces, as it is when it is whole. It took that many nanoseconds.
using KeepWhole = std::function<void(const Visit& visit, http::Response page, int64_t cost)>;

struct Visit {
    Site& site;
    const http::Request& request;
    /// Null on pages of the whole site. The pages of a repository can rely on it.
    std::shared_ptr<const Repository> repository = {};
    /// The components after the view's name: for "/foo/-/tree/main/src" they are {"main", "src"}.
    std::vector<std::string> rest = {};
    /// Null where the reader may not see runs, or the page has not declared that it shows them.
    RunMarks* run_marks = nullptr;
    KeepWhole keep = {}; ///< empty: it is not to be kept

    const store::RepoName& name() const { return repository->name; }
};

} // namespace quire::web
