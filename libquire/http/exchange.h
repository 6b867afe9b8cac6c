// Exchange: one request and its answer while libmicrohttpd holds the connection. Private to http/.
//
// Made when the request line is read, destroyed when the answer has been sent or the reader went away. Only one
// thread has it at a time: the event loop, or, while the connection is suspended, a worker.
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

/// What a request's body may cost.
struct BodyAllowance {
    size_t limit = 0;
    int64_t deadline = 0; ///< monotonic
    std::string coding;   ///< its Content-Encoding
};

struct Exchange {
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    std::string raw_target;
    const char* target_begin = nullptr; ///< where libmicrohttpd has it
    Request request;
    std::optional<Response> response; ///< set: send it
    bool is_announced = false;        ///< the headers have been read and found good
    BodyAllowance body;
    std::atomic<size_t>* budget = nullptr; ///< of which request.body's size was taken
    std::shared_ptr<Stream> stream;
    std::unique_ptr<Connections::FollowerPlace> follower_place;
};

/// Fills in the request from the connection; an error, whose message is for the reader, is answered with 400.
Result<Claims> read_request(MHD_Connection* connection, const char* method, Exchange& exchange);

/// Checks a POST's headers against `exchange.body.limit`; as above, ErrorKind::refused means 413.
Result<void> announce_body(MHD_Connection* connection, Exchange& exchange);
/// One more piece of the body; false ends the connection.
bool add_to_body(Exchange& exchange, std::string_view piece);
/// Undoes the body's Content-Encoding.
Result<void> decode_body(Exchange& exchange);

/// Hands the response to libmicrohttpd. Its body lives in the exchange.
MHD_Result send_response(MHD_Connection* connection, Exchange& exchange, Pump& pump);

} // namespace quire::http
