// What SegmentWriter and Segment agree on besides the order of a segment's parts. Private to search/.
#pragma once

#include "base/byte_codec.h"
#include "search/checksum.h"
#include "search/segment.h"

namespace quire::search::format {

constexpr std::string_view first_line = "quire search 3\n";

/// The last bytes of a segment: where its directory is.
struct End {
    uint64_t offset = 0, size = 0, sum = 0;
};
constexpr size_t end_size = 32;

inline std::string write_end(const End& end)
{
    ByteWriter out;
    out.fixed(end.offset);
    out.fixed(end.size);
    out.fixed(end.sum);
    std::string bytes = out.take();
    out = ByteWriter();
    out.fixed(checksum(bytes));
    return bytes + out.take();
}

inline std::optional<End> read_end(std::string_view bytes)
{
    ByteReader in(bytes);
    End end{in.fixed(), in.fixed(), in.fixed()};
    bool is_good = in.fixed() == checksum(bytes.substr(0, end_size - 8)) && in.is_good() && in.is_at_end();
    return is_good ? std::optional(end) : std::nullopt;
}

/// REQUIRES: ordered by doc.
inline std::string write_places(const std::vector<SymbolPlace>& places)
{
    ByteWriter out;
    uint32_t doc = 0;
    for (const SymbolPlace& place : places) {
        out.number(place.doc - doc);
        out.number(uint64_t{place.line} * symbol_kinds + static_cast<uint8_t>(place.kind));
        doc = place.doc;
    }
    return out.take();
}

inline std::vector<SymbolPlace> read_places(std::string_view bytes, uint32_t docs)
{
    std::vector<SymbolPlace> places;
    uint32_t doc = 0;
    for (ByteReader in(bytes); !in.is_at_end();) {
        doc += static_cast<uint32_t>(in.number(docs));
        uint64_t line = in.number(uint64_t{UINT32_MAX} * symbol_kinds);
        if (!in.is_good() || doc >= docs)
            break;
        places.push_back(
            {doc, static_cast<uint32_t>(line / symbol_kinds), static_cast<SymbolKind>(line % symbol_kinds)});
    }
    return places;
}

} // namespace quire::search::format
