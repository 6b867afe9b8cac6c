// Exchange: one request and its answer while libmicrohttpd holds the connection. Private to http/.
//
// Made when the request line is read, destroyed when the answer has been sent or the reader went away. Only one
// thread has it at a time: the event loop, or, while the connection is suspended, a worker.
#pragma once

#include <microhttpd.h>

#include <optional>
#include <string>

#include "http/identity.h"
#include "http/request.h"
#include "http/response.h"

namespace quire::http {

struct Exchange {
    std::string raw_target;
    Request request;
    std::optional<Response> response; ///< set: send it
    bool is_announced = false;        ///< the headers have been read and found good
};

/// What the request's headers claim about who sent it.
struct Claims {
    std::string user;
    std::string secret;
};

/// Fills in the request from the connection; an error, whose message is for the reader, is answered with 400.
Result<Claims> read_request(MHD_Connection* connection, const char* method, Exchange& exchange);

/// Hands the response to libmicrohttpd. Its body lives in the exchange.
MHD_Result send_response(MHD_Connection* connection, Exchange& exchange);

} // namespace quire::http
