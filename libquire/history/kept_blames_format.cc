// The format of a cached blame: a line that names the format, a SHA-256 of the rest, then the key and the blame, as
// base/byte_codec.h writes them. Ids have 20 bytes.
#include <bit>

#include "base/byte_codec.h"
#include "base/sha256.h"
#include "history/kept_blames.h"

namespace quire::history {

constexpr std::string_view format_line = "quire blame 1\n";
constexpr size_t digest_size = 32;

namespace {

void write_id(ByteWriter& out, const git_oid& id) { out.raw({reinterpret_cast<const char*>(id.id), GIT_OID_RAWSZ}); }

git_oid read_id(ByteReader& in)
{
    git_oid id{};
    std::string_view bytes = in.raw(GIT_OID_RAWSZ);
    for (size_t i = 0; i < bytes.size(); ++i)
        id.id[i] = static_cast<unsigned char>(bytes[i]);
    return id;
}

std::string digest_of(std::string_view bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

void write_origin(ByteWriter& out, const Blame::Origin& origin)
{
    write_id(out, origin.commit);
    out.number(origin.path);
    out.number(origin.has_parent);
    if (origin.has_parent) {
        write_id(out, origin.parent);
        out.number(origin.parent_path);
    }
    out.text(origin.author);
    out.text(origin.subject);
    out.number(std::bit_cast<uint64_t>(origin.when));
}

Blame::Origin read_origin(ByteReader& in, uint64_t last_path)
{
    Blame::Origin origin{.commit = read_id(in), .path = static_cast<uint32_t>(in.number(last_path))};
    origin.has_parent = in.number(1) != 0;
    if (origin.has_parent) {
        origin.parent = read_id(in);
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
    ByteWriter out;
    out.text(key);
    write_id(out, blame.commit);
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
    ByteReader in(bytes.substr(head));
    if (in.text() != key)
        return std::nullopt;
    Blame blame;
    blame.commit = read_id(in);
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
