// Converts JSON to Data and back, with RapidJSON's reader and writer (its document type is not used).
//
// Strict in both directions: no comments, no trailing commas, no NaN, no repeated keys, only UTF-8. A whole number that
// fits in 64 bits becomes an integer, any other number the nearest double.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

constexpr size_t max_json_bytes = 16u << 20;
constexpr size_t max_json_depth = 64;

/// Reads exactly one value. Errors give `name`, line and column (in bytes). Values carry no positions. The text is
/// limited to max_json_bytes and max_json_depth.
Result<Data> read_json(std::string_view source, std::string_view name);

/// Writes compact JSON on one line, without a newline. Bytes that are not UTF-8 become U+FFFD. Numbers that JSON can't
/// express (infinities, NaN) become null. U+2028 and U+2029 are escaped.
std::string write_json(const Data& data);

} // namespace quire::text
