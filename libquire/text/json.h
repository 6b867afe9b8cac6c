// JSON to Data and back, through RapidJSON.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

/// Reads exactly one value, strict, at most 64 levels deep. Errors name `name`, line and column.
Result<Data> read_json(std::string_view source, std::string_view name);

/// Compact, on one line without a newline. Bytes that are not UTF-8 become U+FFFD.
std::string write_json(const Data& data);

} // namespace quire::text
