// Request: what a browser asked for, parsed once and strictly.
//
// A target that does not have the one accepted form never becomes a Request: the adapter answers 400. Path and query
// are decoded exactly once. A decoded component may contain any byte except NUL, even "/", and names in the query
// may contain other control bytes. A component may begin with "-", so code that passes it to a command must take
// care.
#pragma once

#include <functional>
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
    std::vector<std::string> path; ///< decoded components; "/" has none, and a trailing slash is dropped
    std::vector<std::pair<std::string, std::string>> query;
};

/// Parses the target of the request line, "/a/b?c=d". "//", "/./", "/../", bytes that a URL can't have, a bad "%" and
/// decoded NULs are errors.
Result<Target> parse_target(std::string_view raw);

struct Request {
    Method method = Method::get;
    std::string raw_target;
    Target target;
    std::string user;                  ///< empty: an anonymous reader (identity.h)
    std::string address;               ///< the address whose limits this request counts against
    bool is_operators_program = false; ///< (identity.h)
    std::string if_none_match;
    bool accepts_gzip = false;
    bool accepts_html = false; ///< asked for by a browser, to be looked at
    std::string git_protocol;
    std::string last_event_id;
    std::string content_type; ///< of a POST
    std::string body;         ///< of a POST: complete, and without its Content-Encoding
    int socket = -1;          ///< of the connection; -1: there is none
    std::function<bool()>
        left; ///< for a rest (writer.h): asked in place of the socket, which is the event thread's then

    /// The first value of a query parameter; "" if it is missing.
    std::string_view parameter(std::string_view name) const;
    bool is_authenticated() const { return !user.empty(); }
    /// Whether nobody waits for the answer any more.
    bool has_left() const;
};

/// Whether an Accept-Encoding header allows gzip.
bool allows_gzip(std::string_view accept_encoding);
/// Whether an Accept header names HTML, as those of browsers do. Programs that take anything do not.
bool allows_html(std::string_view accept);
/// Whether an If-None-Match header names the entity tag (given with its quotes).
bool matches_etag(std::string_view if_none_match, std::string_view etag);

} // namespace quire::http
