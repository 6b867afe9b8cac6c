// The format of a cached blame: a line that names the format, a SHA-256 of the rest, then the key and the blame.
// Numbers are in groups of seven bits, the lowest first; ids have 20 bytes; texts are preceded by their length.
#include <bit>

#include "base/sha256.h"
#include "history/kept_blames.h"

namespace quire::history {

constexpr std::string_view format_line = "quire blame 1\n";
constexpr size_t digest_size = 32;

namespace {

class Writer {
public:
    void number(uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
    }
    void text(std::string_view text)
    {
        number(text.size());
        m_bytes += text;
    }
    void id(const git_oid& id) { m_bytes.append(reinterpret_cast<const char*>(id.id), GIT_OID_RAWSZ); }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

/// Past the end or past a limit, every value is 0, and is_good() is false.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {}
    bool is_good() const { return m_is_good; }
    bool is_at_end() const { return m_rest.empty(); }
    uint64_t number(uint64_t limit)
    {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::string_view byte = take(1);
            if (byte.empty())
                return 0;
            auto bits = static_cast<unsigned char>(byte[0]);
            value |= uint64_t{bits & 0x7fu} << shift;
            if (bits < 0x80) {
                m_is_good = m_is_good && value <= limit;
                return m_is_good ? value : 0;
            }
        }
        m_is_good = false;
        return 0;
    }
    uint32_t small() { return static_cast<uint32_t>(number(UINT32_MAX)); }
    std::string_view text() { return take(number(m_rest.size())); }
    git_oid id()
    {
        git_oid id{};
        std::string_view bytes = take(GIT_OID_RAWSZ);
        for (size_t i = 0; i < bytes.size(); ++i)
            id.id[i] = static_cast<unsigned char>(bytes[i]);
        return id;
    }

private:
    std::string_view take(uint64_t size)
    {
        m_is_good = m_is_good && size <= m_rest.size();
        if (!m_is_good)
            return {};
        std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }
    std::string_view m_rest;
    bool m_is_good = true;
};

std::string digest_of(std::string_view bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

void write_origin(Writer& out, const Blame::Origin& origin)
{
    out.id(origin.commit);
    out.number(origin.path);
    out.number(origin.has_parent);
    if (origin.has_parent) {
        out.id(origin.parent);
        out.number(origin.parent_path);
    }
    out.text(origin.author);
    out.text(origin.subject);
    out.number(std::bit_cast<uint64_t>(origin.when));
}

Blame::Origin read_origin(Reader& in, uint64_t last_path)
{
    Blame::Origin origin{.commit = in.id(), .path = static_cast<uint32_t>(in.number(last_path))};
    origin.has_parent = in.number(1) != 0;
    if (origin.has_parent) {
        origin.parent = in.id();
        origin.parent_path = static_cast<uint32_t>(in.number(last_path));
    }
    origin.author = in.text();
    origin.subject = in.text();
    origin.when = std::bit_cast<Instant>(in.number(UINT64_MAX));
    return origin;
}

/// Whether it is consistent with the spans before it.
bool is_sound(const Blame::Span& span, uint32_t first)
{
    constexpr uint32_t most = UINT32_MAX / 4;
    bool has_before = span.before != no_line;
    return span.first == first && span.count > 0 && span.count < most && first < most && span.line < most &&
           (!has_before || (span.before < most && span.before_count > 0 && span.before_count < most));
}

} // namespace

std::string encode(const Blame& blame, std::string_view key)
{
    Writer out;
    out.text(key);
    out.id(blame.commit);
    out.number(blame.paths.size());
    for (const std::string& path : blame.paths)
        out.text(path);
    out.number(blame.origins.size());
    for (const Blame::Origin& origin : blame.origins)
        write_origin(out, origin);
    out.number(blame.spans.size());
    for (const Blame::Span& span : blame.spans) {
        out.number(span.count);
        out.number(span.origin);
        out.number(span.line);
        out.number(span.before == no_line ? 0 : uint64_t{span.before} + 1);
        out.number(span.before_count);
    }
    std::string content = out.take();
    return std::string(format_line) + digest_of(content) + content;
}

std::optional<Blame> decode(std::string_view bytes, std::string_view key)
{
    size_t head = format_line.size() + digest_size;
    if (bytes.size() < head || !bytes.starts_with(format_line) ||
        digest_of(bytes.substr(head)) != bytes.substr(format_line.size(), digest_size))
        return std::nullopt;
    Reader in(bytes.substr(head));
    if (in.text() != key)
        return std::nullopt;
    Blame blame;
    blame.commit = in.id();
    // Every item takes at least one byte.
    for (uint64_t left = in.number(bytes.size()); left > 0 && in.is_good(); --left)
        blame.paths.emplace_back(in.text());
    for (uint64_t left = in.number(bytes.size()); left > 0 && in.is_good(); --left)
        blame.origins.push_back(read_origin(in, blame.paths.empty() ? 0 : blame.paths.size() - 1));
    uint32_t first = 0;
    for (uint64_t left = in.number(bytes.size()); left > 0 && in.is_good(); --left) {
        Blame::Span span{.first = first, .count = in.small()};
        span.origin = static_cast<uint32_t>(in.number(blame.origins.empty() ? 0 : blame.origins.size() - 1));
        span.line = in.small();
        uint64_t before = in.number(uint64_t{UINT32_MAX});
        span.before = before == 0 ? no_line : static_cast<uint32_t>(before - 1);
        span.before_count = in.small();
        if (!is_sound(span, first))
            return std::nullopt;
        first += span.count;
        blame.spans.push_back(span);
    }
    bool lacks = (blame.origins.empty() && !blame.spans.empty()) || (blame.paths.empty() && !blame.origins.empty());
    return in.is_good() && in.is_at_end() && !lacks ? std::optional(std::move(blame)) : std::nullopt;
}

} // namespace quire::history
