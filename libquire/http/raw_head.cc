#include "http/raw_head.h"

#include <algorithm>
#include <vector>

namespace quire::http {

namespace {

struct RawHeader {
    std::string_view name;
    const char* value;
};

/// Walks through a head, string by string.
class Walk {
public:
    explicit Walk(const char* begin) : m_at(begin) {}

    /// Whether a string begins here.
    bool string(const char* begin, size_t size)
    {
        bool is_here = begin == m_at;
        m_at += is_here ? size : 0;
        return is_here;
    }
    bool string(const char* begin) { return string(begin, begin == m_at ? std::string_view(begin).size() : 0); }
    /// Whether `count` bytes follow that libmicrohttpd has set to NUL.
    bool ends(size_t count)
    {
        bool has_ended = std::all_of(m_at, m_at + count, [](char c) { return c == '\0'; });
        m_at += count;
        return has_ended;
    }
    /// Skips blanks up to `end`.
    bool blanks(const char* end)
    {
        while (m_at < end && (*m_at == ' ' || *m_at == '\t'))
            ++m_at;
        return m_at == end;
    }
    const char* at() const { return m_at; }

private:
    const char* m_at;
};

} // namespace

static MHD_Result collect(void* closure, MHD_ValueKind, const char* key, size_t key_size, const char* value, size_t)
{
    static_cast<std::vector<RawHeader>*>(closure)->push_back({{key, key_size}, value ? value : ""});
    return MHD_YES;
}

/// A token by RFC 9110, 5.6.2.
static bool is_token(std::string_view name)
{
    constexpr std::string_view allowed =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

Result<void> check_raw_head(MHD_Connection* connection, const RawHead& head)
{
    std::vector<RawHeader> headers;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect, &headers);
    for (const RawHeader& header : headers)
        if (!is_token(header.name))
            return fail(ErrorKind::invalid, "a header whose name is no name");
    if (MHD_VERSION >= 0x01000000)
        return {};
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!info)
        return fail(ErrorKind::invalid, "a head without an end");
    constexpr size_t crlf = 2;
    const char* end = head.method + info->header_size;
    Walk walk(head.method);
    bool is_strict = walk.string(head.method) && walk.ends(1) && walk.string(head.target.data(), head.target.size()) &&
                     walk.ends(1) && walk.string(head.version) && walk.ends(crlf);
    for (const RawHeader& header : headers)
        is_strict = is_strict && walk.string(header.name.data(), header.name.size()) && walk.ends(1) &&
                    walk.blanks(header.value) && walk.string(header.value) && walk.ends(crlf);
    if (!is_strict || !walk.ends(crlf) || walk.at() != end)
        return fail(ErrorKind::invalid, "a line that does not end as HTTP wants it, a NUL, or a blank before a colon");
    return {};
}

} // namespace quire::http
