// BlobId: the id of a blob, by which everything in the search index is found. It does not need libgit2.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string>

#include "base/strings.h"

namespace quire::search {

struct BlobId {
    std::array<unsigned char, 20> bytes{};

    auto operator<=>(const BlobId&) const = default;
    std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// REQUIRES: at least 20 bytes.
    static BlobId of(const void* raw)
    {
        BlobId id;
        std::copy_n(static_cast<const unsigned char*>(raw), id.bytes.size(), id.bytes.begin());
        return id;
    }
    /// 40 hex digits.
    static std::optional<BlobId> parse(std::string_view hex)
    {
        auto raw = hex.size() == 40 ? from_hex(hex) : std::nullopt;
        return raw ? std::optional(of(raw->data())) : std::nullopt;
    }
};

} // namespace quire::search
