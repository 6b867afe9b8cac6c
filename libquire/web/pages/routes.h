// The route table: every address that quire-serve answers, who may see it, and the page that makes it.
//
// dispatch() decides visibility before it calls a page, and no other code does. For everything that does not match,
// does not exist or may not be seen, the answer has the same bytes.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "http/server.h"
#include "web/budget/costly.h"

namespace quire::web {

enum class Access {
    everyone,      ///< answers without naming any repository that the reader may not see
    authenticated, ///< with a trusted Remote-User only
    operators,     ///< logged-in readers, and the operator's programs on this machine
    repository,    ///< those who may see the repository
    runs,          ///< those who may see the repository's runs
};

/// How much of a path a route takes.
enum class Rest { none, any };

struct Route {
    /// For the site, the first component. For a repository, the component after "-" ("" is home); "runs" and what git
    /// asks for when it clones have no "-" before them.
    std::string_view view;
    Access access;
    Rest rest;
    Result<http::Response> (*page)(const Visit& visit);
    DependsOn depends_on = DependsOn::more;
    Cost cost = Cost::low;
    http::Lane lane = http::Lane::page; ///< for anonymous readers
};

std::span<const Route> site_routes();
std::span<const Route> repository_routes();

/// How many bytes a POST to this address may have. Only git's request when it clones may have any (clone.cc).
size_t git_request_limit(const http::Target& target);

/// All kinds of page, for the ledger.
std::vector<std::string> kinds_of_pages();
/// Which workers make the answer, and what its reader owes.
http::Admission admit(Site& site, const http::Request& request);
/// Enters an answer into the ledger. `cost` is in nanoseconds of processor time; nullopt: it came from a cache.
void account(Site& site, const http::Request& request, const http::Response& response, std::optional<int64_t> cost);

http::Response dispatch(Site& site, const http::Request& request);
/// What dispatch() would answer, if it is cached and still valid. Costs a few calls of stat(2).
std::optional<http::Response> dispatch_kept(Site& site, const http::Request& request);

} // namespace quire::web
