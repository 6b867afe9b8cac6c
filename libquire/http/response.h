// Response: what a handler answers. Bodies are shared and immutable, so that a cached page is sent without a copy; a
// body that is made while it is sent is a `stream` (body.h) and takes the place of the other.
//
// The adapter adds the security headers, compresses, answers 304 and leaves the body out for HEAD.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/body.h"

namespace quire::http {

/// How far a body may be trusted when a browser shows it.
enum class Policy {
    page, ///< our own HTML: our stylesheet, script and images, nothing else
    raw,  ///< bytes of a repository or run: a sandbox in which nothing runs
};

enum class Caching {
    revalidate, ///< kept by the reader's own browser, asked about every time
    immutable,  ///< the URL's content never changes and is for everyone
    none,
};

/// A response as libmicrohttpd sends it, in its several forms; see share_forms.
class Forms;

struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
    std::shared_ptr<const std::string> gzipped; ///< the same body compressed; null: not (yet) made
    std::shared_ptr<BodySource> stream;         ///< instead of `body`: never kept, never compressed
    std::shared_ptr<Forms> forms;               ///< set: it is sent as it is to many readers
    std::shared_ptr<void> held;                 ///< let go when the answer has been sent or given up
    std::string etag;                           ///< with its quotes; empty: none
    std::vector<std::pair<std::string, std::string>> headers;
    Policy policy = Policy::page;
    Caching caching = Caching::revalidate;
};

Response text_response(int status, std::string_view text);
Response redirect(std::string location, int status = 302);
/// Gives the response an entity tag made from its body, and compresses a body that gains by it.
void finish_body(Response& response);

/// For a response that is kept and never changes again: its headers are put together once. (send.cc)
void share_forms(Response& response);

/// gzip at a speed fit for pages.
std::string gzip(std::string_view text);
/// The inverse; more than `limit` bytes, or anything behind the end, is invalid.
Result<std::string> gunzip(std::string_view compressed, size_t limit);
/// "\"<16 hex digits>\"" of any content.
std::string etag_of(std::string_view content);

/// The headers that every response carries.
std::vector<std::pair<std::string, std::string>> standard_headers(const Response& response);

} // namespace quire::http
