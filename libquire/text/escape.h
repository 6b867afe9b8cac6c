// Escapers, one per context. Whatever came from outside passes exactly one of them on its way out.
//
// All are pure. The decoders are strict: the whole text is of the form, or there is no value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::text {

/// For HTML text and double- or single-quoted attribute values. NUL, which HTML has no way to say, becomes U+FFFD.
std::string escape_html(std::string_view text);

enum class Slash { encode, keep };
/// RFC 3986: everything but unreserved characters as %XX. Slash::keep leaves "/" for whole paths.
std::string percent_encode(std::string_view text, Slash slash = Slash::encode);
/// nullopt on a "%" without two hex digits. "+" is itself, and %00 is a NUL: the caller judges what it got.
std::optional<std::string> percent_decode(std::string_view text);

/// RFC 4648 with padding.
std::string base64_encode(std::string_view bytes);
/// nullopt on anything base64_encode would not have written: blanks, missing padding, stray bits.
std::optional<std::string> base64_decode(std::string_view text);

/// For one line on a person's terminal: control bytes, invalid UTF-8, line separators and bidi marks as \xNN.
std::string for_terminal(std::string_view text);

/// For names that must be told apart by eye: what for_terminal shows as \xNN, and every character that shows nothing
/// or only a blank (zero width, fillers, variation selectors, tags, blanks other than the common one).
std::string show_invisible(std::string_view text);

/// Well-formed UTF-8: every byte that is not part of it becomes U+FFFD.
std::string to_utf8(std::string_view text);

} // namespace quire::text
