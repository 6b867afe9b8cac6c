// Small string helpers that the standard library lacks. All are pure and take views.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire {

/// Splits at every `separator`; "a,,b" gives three parts, "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Takes the part before the first `separator` off `rest`, with the separator. Without one it takes everything.
std::string_view take_until(std::string_view& rest, char separator);

std::string_view trim(std::string_view text);

/// Removes `prefix` or `suffix` from the view if it is there, and says whether it was.
bool strip_prefix(std::string_view& text, std::string_view prefix);
bool strip_suffix(std::string_view& text, std::string_view suffix);

/// Decimal digits only, no sign, no leading zero (but "0"), no overflow; nullopt otherwise.
std::optional<uint64_t> parse_decimal(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

std::string to_lower(std::string_view ascii);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Lower-case hex of any bytes.
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);

/// Decimal digits, perhaps after a "-". nullopt for anything else, and for numbers that 64 bits can't hold.
std::optional<int64_t> parse_integer(std::string_view text);
/// The double nearest to a finite decimal number; nullopt for anything else.
std::optional<double> parse_number(std::string_view text);

/// The length of the well-formed UTF-8 sequence at the front of `text`; 0 if there is none.
size_t utf8_length(std::string_view text);
/// The length of the printable character at the front of `text`; 0 if it is a control, line separator or bidi control.
size_t printable_length(std::string_view text);
/// The UTF-8 of a character; empty for surrogates and for numbers past U+10FFFF.
std::string encode_utf8(char32_t character);
bool is_valid_utf8(std::string_view text);
/// Counts characters. A byte that is not UTF-8 counts as one, unless it is a continuation byte.
size_t count_characters(std::string_view text);
/// Whether printable_length accepts every character of the text.
bool is_printable_utf8(std::string_view text);

/// The candidate closest to `word` by edit distance, if it is close enough for `word` to be a typing error.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

} // namespace quire
