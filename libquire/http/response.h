// Response: the answer of a handler. A body is shared and immutable, so a cached page is sent without a copy. A body
// that is made while it is sent is a `stream` (body.h), which replaces `body`; one that a worker makes while it is sent
// is written by `rest` (writer.h).
//
// The adapter adds the security headers, compresses, answers 304, and omits the body for HEAD.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/writer.h"

namespace quire::http {

/// How far a browser may trust the body.
enum class Policy {
    page, ///< our own HTML: our stylesheet, script and images, nothing else
    raw,  ///< bytes of a repository or run: sandboxed, so nothing in them runs
};

enum class Caching {
    revalidate, ///< only the reader's own browser keeps it, and asks each time whether it is still good
    immutable,  ///< the URL's content never changes and is the same for everyone
    none,
};

/// A response in the forms in which libmicrohttpd sends it; see share_forms.
class Forms;

struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
    std::shared_ptr<const std::string> gzipped; ///< the same body, compressed; null: it is not compressed (yet)
    std::shared_ptr<BodySource> stream;         ///< replaces `body`; never cached, never compressed
    std::function<Result<void>(Writer&)> rest;  ///< replaces `body`: writes it after its head was sent
    std::shared_ptr<Forms> forms;               ///< if set, it is sent to many readers without change
    std::shared_ptr<void> held;                 ///< released when the answer has been sent or given up
    std::string etag;                           ///< with its quotes; empty: there is none
    std::vector<std::pair<std::string, std::string>> headers;
    Policy policy = Policy::page;
    Caching caching = Caching::revalidate;
};

Response text_response(int status, std::string_view text);
Response redirect(std::string location, int status = 302);
/// Gives the response an entity tag that is made from its body.
void finish_body(Response& response);
/// Whether compress_body() has something to do.
bool wants_compression(const Response& response);
/// Compresses the body if that helps. It may take longer than a page takes to be made, so it is done for those who ask.
void compress_body(Response& response);

/// For a cached response that never changes: puts its headers together only once (send.cc).
void share_forms(Response& response);

/// Compresses with gzip, at a speed that suits pages.
std::string gzip(std::string_view text);
/// The inverse of gzip. It is an error if the text has more than `limit` bytes or anything follows it.
Result<std::string> gunzip(std::string_view compressed, size_t limit);
/// "\"<16 hex digits>\"", made from any content.
std::string etag_of(std::string_view content);

/// The headers that every response carries.
std::vector<std::pair<std::string, std::string>> standard_headers(const Response& response);

} // namespace quire::http
