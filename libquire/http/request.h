// Request: what a browser asked, parsed once and strictly.
//
// A target that is not of the one accepted form never becomes a Request: the adapter answers 400. Path and
// query are decoded exactly once. A decoded part may hold any byte but NUL, "/" within a path component, and
// other control bytes within the query's names; it may begin with "-": whoever hands it to a command stands
// guard there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace quire::http {

enum class Method { get, head, post };

constexpr size_t max_target_bytes = 8192;

struct Target {
    std::vector<std::string> path; ///< decoded components; "/" has none, a trailing slash is dropped
    std::vector<std::pair<std::string, std::string>> query;
};

/// "/a/b?c=d" as it stands in the request line. "//", "/./", "/../", bytes that a URL can't have, a bad "%" and
/// decoded NULs are invalid.
Result<Target> parse_target(std::string_view raw);

struct Request {
    Method method = Method::get;
    std::string raw_target;
    Target target;
    std::string user;    ///< who this is; empty: anonymous (identity.h)
    std::string address; ///< whose share of the server it uses
    bool is_operators_program = false; ///< (identity.h)
    std::string if_none_match;
    bool accepts_gzip = false;
    std::string git_protocol;
    std::string last_event_id;
    std::string content_type; ///< of a POST
    std::string body;         ///< of a POST: whole and without its Content-Encoding
    int socket = -1;          ///< of its connection; -1: there is none

    /// The first value of a query parameter; "" when it is not there.
    std::string_view parameter(std::string_view name) const;
    bool is_authenticated() const { return !user.empty(); }
    /// Nobody waits for the answer any more.
    bool has_left() const;
};

/// Whether an Accept-Encoding header allows gzip.
bool allows_gzip(std::string_view accept_encoding);
/// Whether an If-None-Match header names the entity tag (given with its quotes).
bool matches_etag(std::string_view if_none_match, std::string_view etag);

} // namespace quire::http
