// The route table: every address quire-serve answers, who may have it, and which page makes it.
//
// dispatch() decides visibility before it calls a page, here and nowhere else. Whatever does not match, does not
// exist or may not be seen gets the same bytes.
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
    operators,     ///< as above, and programs of the operator's on this machine
    repository,    ///< who may see the repository
    runs,          ///< who may see the repository's runs
};

/// How much of a path a route takes.
enum class Rest { none, any };

/// How long a page stays what it is.
enum class Keep {
    no,
    while_refs_stay,
    while_refs_stay_or_by_id, ///< as above, but the page of an object's id stays whatever the refs do: it shows none
    while_list_stays,
    always
};

struct Route {
    /// Site: the first component. Repository: the one after "-" ("" is home); "runs" and what git asks for when it
    /// clones stand without a "-".
    std::string_view view;
    Access access;
    Rest rest;
    Result<http::Response> (*page)(const Visit& visit);
    Keep keep = Keep::no;
    Cost cost = Cost::low;
    http::Lane lane = http::Lane::page; ///< of anonymous readers
};

std::span<const Route> site_routes();
std::span<const Route> repository_routes();

/// How many bytes a POST to this address may bring: what git asks for when it clones, nothing else. (page_clone.cc)
size_t git_request_limit(const http::Target& target);

/// The kinds of page that there are, for the ledger.
std::vector<std::string> kinds_of_pages();
/// Which workers make the answer, and what its reader owes.
http::Admission admit(Site& site, const http::Request& request);
/// Enters an answer into the ledger. `cost`: nanoseconds of processor time; nothing: it was kept.
void account(Site& site, const http::Request& request, const http::Response& response, std::optional<int64_t> cost);

http::Response dispatch(Site& site, const http::Request& request);
/// What dispatch() would answer, if that is kept and still good: costs some calls of stat(2).
std::optional<http::Response> dispatch_kept(Site& site, const http::Request& request);

} // namespace quire::web
