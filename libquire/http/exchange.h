// Exchange: one request and its answer while libmicrohttpd holds the connection. Private to http/.
//
// It exists from the time the request line is read until the answer has been sent or the reader went away. Only one
// thread uses it at a time: the event loop, or a worker while the connection is suspended.
#pragma once

#include <microhttpd.h>

#include <atomic>
#include <optional>
#include <string>

#include "http/connections.h"
#include "http/identity.h"
#include "http/request.h"
#include "http/response.h"
#include "http/stream.h"

namespace quire::http {

/// The limits for a request's body.
struct BodyAllowance {
    size_t limit = 0;
    int64_t deadline = 0; ///< by the monotonic clock
    std::string coding;   ///< its Content-Encoding
};

struct Exchange {
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    std::string raw_target;
    const char* target_begin = nullptr; ///< where libmicrohttpd keeps it
    Request request;
    std::optional<Response> response; ///< if set, it is to be sent
    bool is_packed = false;           ///< its stream is gzip
    bool is_announced = false;        ///< the headers have been read and are valid
    BodyAllowance body;
    std::atomic<size_t>* budget = nullptr; ///< the size of request.body was taken from this
    std::shared_ptr<Stream> stream;
    std::unique_ptr<Connections::FollowerPlace> follower_place;
};

/// Fills in the request from the connection. An error is answered with 400; its message is for the reader.
Result<Claims> read_request(MHD_Connection* connection, const char* method, Exchange& exchange);

/// Checks a POST's headers against `exchange.body.limit`. ErrorKind::refused means 413, other errors 400.
Result<void> announce_body(MHD_Connection* connection, Exchange& exchange);
/// Adds a piece of the body; false ends the connection.
bool add_to_body(Exchange& exchange, std::string_view piece);
/// Undoes the body's Content-Encoding.
Result<void> decode_body(Exchange& exchange);

/// Gives the response to libmicrohttpd. The body stays in the exchange.
MHD_Result send_response(MHD_Connection* connection, Exchange& exchange, Pump& pump);

} // namespace quire::http
