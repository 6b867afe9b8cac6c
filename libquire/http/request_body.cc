// The functions of exchange.h for the body of a POST, which is limited in size, in time and over all requests.
#include "base/strings.h"
#include "http/exchange.h"

namespace quire::http {

constexpr size_t max_received = 64u << 20; ///< for all requests together
constexpr int64_t seconds_to_receive = 120;

Exchange::~Exchange()
{
    if (stream)
        stream->abandon();
    if (budget)
        budget->fetch_sub(request.body.size());
}

static std::string_view header_of(MHD_Connection* connection, const char* name)
{
    const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? std::string_view(value) : std::string_view();
}

Result<void> announce_body(MHD_Connection* connection, Exchange& exchange)
{
    exchange.body.deadline = monotonic_now() + seconds_to_receive * nanoseconds_per_second;
    exchange.body.coding = header_of(connection, "Content-Encoding");
    if (!exchange.body.coding.empty() && exchange.body.coding != "gzip" && exchange.body.coding != "x-gzip")
        return fail(ErrorKind::invalid, "a Content-Encoding other than gzip");
    std::string_view length = header_of(connection, "Content-Length");
    if (!length.empty() && parse_decimal(length).value_or(~uint64_t{0}) > exchange.body.limit)
        return fail(ErrorKind::refused, "a body of more than {} bytes", exchange.body.limit);
    return {};
}

bool add_to_body(Exchange& exchange, std::string_view piece)
{
    std::string& body = exchange.request.body;
    if (body.size() + piece.size() > exchange.body.limit || monotonic_now() > exchange.body.deadline)
        return false;
    if (exchange.budget->fetch_add(piece.size()) + piece.size() > max_received) {
        exchange.budget->fetch_sub(piece.size());
        return false;
    }
    body += piece;
    return true;
}

Result<void> decode_body(Exchange& exchange)
{
    if (exchange.body.coding.empty())
        return {};
    std::string plain = TRY(gunzip(exchange.request.body, exchange.body.limit));
    exchange.budget->fetch_add(plain.size()); // the workers' bodies may exceed the limit for a while
    exchange.budget->fetch_sub(exchange.request.body.size());
    exchange.request.body = std::move(plain);
    return {};
}

} // namespace quire::http
