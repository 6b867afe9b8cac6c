// The forms in which a secret can appear in output: the value itself, its lines, and what common encoders make of them.
// The redactor looks for all of them.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::ci {

/// Shorter values are not masked, because they would match ordinary text.
constexpr size_t shortest_masked_secret = 8;

struct SecretForm {
    std::string text;     ///< at least shortest_masked_secret bytes
    bool wrapped = false; ///< it is long encoded text, which encoders may break into lines anywhere

    friend auto operator<=>(const SecretForm&, const SecretForm&) = default;
};

/// All forms of the value, sorted, without duplicates: the value without surrounding white space, each of its lines,
/// base64 in all three alignments and both alphabets, hex, URL-encoded, JSON-escaped (also repeatedly), quoted for a
/// shell, and the forms of the JSON-escaped value. Empty if the value is too short.
std::vector<SecretForm> secret_forms(std::string_view value);

} // namespace quire::ci
