// Escapers, one per context. Whatever came from outside passes exactly one of them on its way out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::text {

/// For HTML text and double- or single-quoted attribute values.
std::string escape_html(std::string_view text);

/// RFC 3986: everything but unreserved characters as %XX. `keep_slash` leaves "/" for whole paths.
enum class Slash { encode, keep };
std::string percent_encode(std::string_view text, Slash slash = Slash::encode);
/// Strict: nullopt on a "%" without two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

/// For one line on a person's terminal: control bytes and invalid UTF-8 as \xNN; bidi overrides too.
std::string for_terminal(std::string_view text);

} // namespace quire::text
