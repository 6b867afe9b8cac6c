#include "http/exchange.h"

#include <vector>

#include "base/strings.h"

namespace quire::http {

constexpr size_t max_user_bytes = 200;

static MHD_Result collect(void* closure, MHD_ValueKind, const char* key, size_t key_size, const char* value,
                          size_t value_size)
{
    auto* headers = static_cast<std::vector<std::pair<std::string, std::string>>*>(closure);
    headers->emplace_back(std::string(key, key_size), value ? std::string(value, value_size) : std::string());
    return MHD_YES;
}

namespace {

class Headers {
public:
    explicit Headers(MHD_Connection* connection)
    {
        MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect, &m_headers);
    }

    size_t count(std::string_view name) const
    {
        size_t found = 0;
        for (const auto& header : m_headers)
            found += equal_ignoring_case(header.first, name) ? 1u : 0u;
        return found;
    }

    std::string_view get(std::string_view name) const
    {
        for (const auto& [key, value] : m_headers)
            if (equal_ignoring_case(key, name))
                return value;
        return {};
    }

    std::string_view get_last(std::string_view name) const
    {
        std::string_view last;
        for (const auto& [key, value] : m_headers)
            if (equal_ignoring_case(key, name))
                last = value;
        return last;
    }

    /// Whether there is a byte that a header value must not contain.
    bool has_control() const
    {
        for (const auto& header : m_headers)
            for (char c : header.second)
                if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
                    return true;
        return false;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_headers;
};

} // namespace

/// Refuses headers that are ambiguous if they occur twice.
static Result<void> check_framing(const Headers& headers, Method method)
{
    for (const char* name : {"Host", "Content-Length", "Transfer-Encoding", user_header, secret_header})
        if (headers.count(name) > 1)
            return fail(ErrorKind::invalid, "{} stands twice", name);
    bool has_length = headers.count("Content-Length") > 0;
    bool has_coding = headers.count("Transfer-Encoding") > 0;
    if (has_coding && !equal_ignoring_case(headers.get("Transfer-Encoding"), "chunked"))
        return fail(ErrorKind::invalid, "a Transfer-Encoding other than chunked");
    if (method == Method::post && has_length == has_coding)
        return fail(ErrorKind::invalid, "a body needs either Content-Length or Transfer-Encoding");
    if (method != Method::post && (has_coding || (has_length && headers.get("Content-Length") != "0")))
        return fail(ErrorKind::invalid, "a body where none belongs");
    if (headers.has_control())
        return fail(ErrorKind::invalid, "a control byte in a header");
    return {};
}

Result<Claims> read_request(MHD_Connection* connection, const char* method, Exchange& exchange)
{
    Headers headers(connection);
    Request& request = exchange.request;
    std::string_view verb = method;
    request.method = verb == "POST" ? Method::post : verb == "HEAD" ? Method::head : Method::get;
    TRY(check_framing(headers, request.method));
    request.target = TRY(parse_target(exchange.raw_target));
    request.raw_target = exchange.raw_target;
    request.if_none_match = headers.get("If-None-Match");
    request.accepts_gzip = allows_gzip(headers.get("Accept-Encoding"));
    request.accepts_html = allows_html(headers.get("Accept"));
    request.git_protocol = headers.get("Git-Protocol");
    request.last_event_id = headers.get("Last-Event-ID");
    request.content_type = headers.get("Content-Type");
    std::string_view user = headers.get(user_header);
    if (user.size() > max_user_bytes)
        return fail(ErrorKind::invalid, "{} is too long", user_header);
    return Claims{.user = std::string(user),
                  .secret = std::string(headers.get(secret_header)),
                  .forwarded = std::string(headers.get_last(forwarded_header)),
                  .cookie = std::string(headers.count("Cookie") == 1 ? headers.get("Cookie") : std::string_view()),
                  .host = std::string(headers.get("Host"))};
}

} // namespace quire::http
