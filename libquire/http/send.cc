// send_response of exchange.h: turns a Response into libmicrohttpd's.
#include <array>
#include <mutex>

#include "http/exchange.h"

namespace quire::http {

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

namespace {

enum class Form { plain, gzipped, not_modified };
constexpr size_t form_count = 3;

} // namespace

static Form choose_form(const Exchange& exchange)
{
    const Response& response = *exchange.response;
    if (response.status == 200 && !response.etag.empty() && matches_etag(exchange.request.if_none_match, response.etag))
        return Form::not_modified;
    return response.gzipped && exchange.request.accepts_gzip ? Form::gzipped : Form::plain;
}

/// Does not copy the body: the Response must live as long as this is queued.
static MHD_Response* make_form(const Response& response, Form form)
{
    std::string_view body;
    if (form != Form::not_modified)
        body = form == Form::gzipped ? *response.gzipped : *response.body;
    MHD_Response* out =
        MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_PERSISTENT);
    if (out)
        add_headers(out, response, form == Form::not_modified, form == Form::gzipped);
    return out;
}

/// Several threads may use it, as they may libmicrohttpd's responses.
class Forms {
public:
    Forms() = default;
    Forms(const Forms&) = delete;
    Forms& operator=(const Forms&) = delete;
    ~Forms()
    {
        for (MHD_Response* made : m_made)
            if (made)
                MHD_destroy_response(made); // freed when it is no longer being sent to anybody
    }

    MHD_Response* get(const Response& response, Form form)
    {
        std::lock_guard lock(m_mutex);
        MHD_Response*& made = m_made[static_cast<size_t>(form)];
        if (!made)
            made = make_form(response, form);
        return made;
    }

private:
    std::mutex m_mutex;
    std::array<MHD_Response*, form_count> m_made{};
};

void share_forms(Response& response) { response.forms = std::make_shared<Forms>(); }

/// For HEAD: the headers of a streamed answer, without starting the stream.
static MHD_Response* make_unsent(const Response& response, bool compressed)
{
    MHD_ContentReaderCallback nothing = [](void*, uint64_t, char*, size_t) -> ssize_t {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    };
    MHD_Response* out = MHD_create_response_from_callback(response.stream->size().value_or(MHD_SIZE_UNKNOWN), 1,
                                                          nothing, nullptr, nullptr);
    if (!out)
        return nullptr;
    // Otherwise libmicrohttpd 0.9 sends the end of a chunked body, which a reader takes for the beginning of the next
    // answer.
    if (!response.stream->size())
        MHD_set_response_options(out, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
    add_headers(out, response, false, compressed);
    return out;
}

static MHD_Response* make_streamed(MHD_Connection* connection, Exchange& exchange, bool compressed, Pump& pump)
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
    MHD_Response* out =
        MHD_create_response_from_callback(size.value_or(MHD_SIZE_UNKNOWN), block, read, exchange.stream.get(), nullptr);
    if (!out)
        return nullptr;
    add_headers(out, *exchange.response, false, compressed);
    exchange.stream->start();
    return out;
}

MHD_Result send_response(MHD_Connection* connection, Exchange& exchange, Pump& pump)
{
    const Response& response = *exchange.response;
    Form form = choose_form(exchange);
    unsigned status = form == Form::not_modified ? MHD_HTTP_NOT_MODIFIED : static_cast<unsigned>(response.status);
    bool has_stream = response.stream && form != Form::not_modified;
    bool streams = has_stream && exchange.request.method != Method::head;
    if (response.forms && !has_stream) {
        MHD_Response* out = response.forms->get(response, form);
        return out ? MHD_queue_response(connection, status, out) : MHD_NO;
    }
    MHD_Response* out = streams      ? make_streamed(connection, exchange, exchange.is_packed, pump)
                        : has_stream ? make_unsent(response, exchange.is_packed)
                                     : make_form(response, form);
    if (!out)
        return MHD_NO;
    MHD_Result queued = MHD_queue_response(connection, status, out);
    MHD_destroy_response(out);
    return queued;
}

} // namespace quire::http
