#include "http/response.h"

#include <zlib.h>

#include "base/way.h"

namespace quire::http {

/// A shorter body fits into a packet or two without compression.
constexpr size_t worth_compressing = 1400;

Response text_response(int status, std::string_view text)
{
    Response response;
    response.status = status;
    response.body = std::make_shared<const std::string>(text);
    response.caching = Caching::none;
    return response;
}

Response redirect(std::string location, int status)
{
    Response response = text_response(status, "");
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

std::string gzip(std::string_view text)
{
    give_way();
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    // What is large was expensive to make, and is compressed once; a seventh less to send costs it a few milliseconds.
    constexpr size_t large = 256 << 10;
    int level = text.size() < large ? 4 : 6;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // zlib only reads it
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(done ? stream.total_out : 0);
    out.shrink_to_fit(); // it may be cached
    deflateEnd(&stream);
    return out;
}

Result<std::string> gunzip(std::string_view compressed, size_t limit)
{
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (inflateInit2(&stream, gzip_window) != Z_OK)
        return fail(ErrorKind::system, "zlib could not start");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data())); // zlib only reads it
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::string out;
    int state = Z_OK;
    while (state == Z_OK && out.size() <= limit) {
        size_t have = out.size();
        out.resize(have + (64u << 10));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + have);
        stream.avail_out = 64u << 10;
        state = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    bool is_whole = state == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (out.size() > limit)
        return fail(ErrorKind::invalid, "more than {} bytes when unpacked", limit);
    if (!is_whole)
        return fail(ErrorKind::invalid, "not a gzip stream");
    return out;
}

std::string etag_of(std::string_view content)
{
    // FNV-1a over words, then over the remaining bytes. It names a content but does not prove it.
    uint64_t hash = 0xcbf29ce484222325u ^ content.size();
    constexpr uint64_t prime = 0x100000001b3u;
    size_t i = 0;
    for (; i + 8 <= content.size(); i += 8) {
        uint64_t word = 0;
        content.copy(reinterpret_cast<char*>(&word), 8, i);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 29;
    }
    for (; i < content.size(); ++i)
        hash = (hash ^ static_cast<unsigned char>(content[i])) * prime;
    return fmt::format("\"{:016x}\"", hash);
}

void finish_body(Response& response)
{
    if (response.status != 200 || response.stream || response.rest)
        return;
    if (response.etag.empty())
        response.etag = etag_of(*response.body);
}

bool wants_compression(const Response& response)
{
    if (response.status != 200 || response.stream || response.rest || response.gzipped)
        return false;
    bool is_text = response.content_type.starts_with("text/") ||
                   response.content_type.find("xml") != std::string::npos ||
                   response.content_type.find("json") != std::string::npos;
    return is_text && response.body->size() >= worth_compressing;
}

void compress_body(Response& response)
{
    if (!wants_compression(response))
        return;
    std::string compressed = gzip(*response.body);
    if (!compressed.empty())
        response.gzipped = std::make_shared<const std::string>(std::move(compressed));
}

std::vector<std::pair<std::string, std::string>> standard_headers(const Response& response)
{
    constexpr const char* page_policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    constexpr const char* raw_policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
    const char* caching = "private, no-cache";
    if (response.caching == Caching::immutable)
        caching = "public, max-age=31536000, immutable";
    else if (response.caching == Caching::none)
        caching = "no-store";
    return {
        {"Content-Security-Policy", response.policy == Policy::raw ? raw_policy : page_policy},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", caching},
        {"Vary", "Accept-Encoding, Remote-User, Cookie"},
    };
}

} // namespace quire::http
