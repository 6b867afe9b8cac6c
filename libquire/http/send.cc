// send_response of exchange.h: a Response as libmicrohttpd wants it.
#include "http/exchange.h"

namespace quire::http {

static std::shared_ptr<const std::string> choose_body(const Exchange& exchange, bool not_modified)
{
    if (not_modified)
        return std::make_shared<const std::string>();
    bool compressed = exchange.response->gzipped && exchange.request.accepts_gzip;
    return compressed ? exchange.response->gzipped : exchange.response->body;
}

static MHD_Response* make_buffered(Exchange& exchange, bool not_modified)
{
    Response& response = *exchange.response;
    response.body = choose_body(exchange, not_modified);
    // Persistent: the exchange keeps the body until libmicrohttpd is done with the request.
    return MHD_create_response_from_buffer(response.body->size(), const_cast<char*>(response.body->data()),
                                           MHD_RESPMEM_PERSISTENT);
}

static MHD_Response* make_streamed(MHD_Connection* connection, Exchange& exchange, Pump& pump)
{
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info)
        return nullptr;
    std::shared_ptr<BodySource> source = std::move(exchange.response->stream);
    std::optional<uint64_t> size = source->size();
    size_t block = source->block();
    exchange.stream = std::make_shared<Stream>(connection, info->connect_fd, std::move(source), pump);
    MHD_ContentReaderCallback read = [](void* stream, uint64_t, char* buffer, size_t room) {
        return static_cast<Stream*>(stream)->pull(buffer, room);
    };
    MHD_Response* out = MHD_create_response_from_callback(size.value_or(MHD_SIZE_UNKNOWN), block, read,
                                                          exchange.stream.get(), nullptr);
    if (out)
        exchange.stream->start();
    return out;
}

static void add_headers(MHD_Response* out, const Response& response, bool not_modified, bool compressed)
{
    for (const auto& [name, value] : standard_headers(response))
        MHD_add_response_header(out, name.c_str(), value.c_str());
    for (const auto& [name, value] : response.headers)
        MHD_add_response_header(out, name.c_str(), value.c_str());
    if (!not_modified)
        MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, response.content_type.c_str());
    if (!response.etag.empty())
        MHD_add_response_header(out, MHD_HTTP_HEADER_ETAG, response.etag.c_str());
    if (compressed)
        MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
}

MHD_Result send_response(MHD_Connection* connection, Exchange& exchange, Pump& pump)
{
    Response& response = *exchange.response;
    bool not_modified = response.status == 200 && !response.etag.empty() &&
                        matches_etag(exchange.request.if_none_match, response.etag);
    bool streams = response.stream && !not_modified && exchange.request.method != Method::head;
    MHD_Response* out = streams ? make_streamed(connection, exchange, pump) : make_buffered(exchange, not_modified);
    if (!out)
        return MHD_NO;
    add_headers(out, response, not_modified, response.gzipped && response.body == response.gzipped);
    unsigned status = not_modified ? MHD_HTTP_NOT_MODIFIED : static_cast<unsigned>(response.status);
    MHD_Result queued = MHD_queue_response(connection, status, out);
    MHD_destroy_response(out);
    return queued;
}

} // namespace quire::http
