// The forms in which a secret's bytes turn up in output: the value, its lines, and what common encoders
// make of them. All of them together are what the redactor looks for.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::ci {

/// Shorter values are not masked: they would match ordinary text.
constexpr size_t shortest_masked_secret = 8;

struct SecretForm {
    std::string text;     ///< at least shortest_masked_secret bytes
    bool wrapped = false; ///< long encoded text: encoders break it into lines, anywhere

    friend auto operator<=>(const SecretForm&, const SecretForm&) = default;
};

/// Every form of the value, sorted, no two alike: as it is (less surrounding white space), each of its lines, base64 in
/// the three alignments and both alphabets, hex, URL-encoded, JSON-escaped (again and again), quoted by a shell; and
/// those of what JSON made of it. Empty if it is too short.
std::vector<SecretForm> secret_forms(std::string_view value);

} // namespace quire::ci
