// Escapers, one per context. Everything that came from outside passes exactly one of them before it is written.
//
// All are pure functions. The decoders are strict: if any part of the text is malformed, there is no value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::text {

/// For HTML text and for attribute values in either kind of quotes. NUL, which HTML can't express, becomes U+FFFD.
std::string escape_html(std::string_view text);

enum class Slash { encode, keep };
/// RFC 3986: writes everything but unreserved characters as %XX. Slash::keep leaves "/" as it is, for whole paths.
std::string percent_encode(std::string_view text, Slash slash = Slash::encode);
/// nullopt if a "%" lacks its two hex digits. "+" stays "+", and %00 becomes NUL, which the caller must check for.
std::optional<std::string> percent_decode(std::string_view text);

/// RFC 4648 with padding.
std::string base64_encode(std::string_view bytes);
/// nullopt for anything that base64_encode would not write: blanks, missing padding, stray bits.
std::optional<std::string> base64_decode(std::string_view text);

/// For one line on a terminal: control bytes, invalid UTF-8, line separators and bidi controls become \xNN.
std::string for_terminal(std::string_view text);

/// For names that people must be able to tell apart. Shows as \xNN what for_terminal does, and every character that is
/// invisible or looks like a blank (zero width, fillers, variation selectors, tags, unusual blanks).
std::string show_invisible(std::string_view text);

/// Makes text well-formed UTF-8: every byte that is not part of a character becomes U+FFFD.
std::string to_utf8(std::string_view text);

} // namespace quire::text
