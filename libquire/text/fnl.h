// Fennel data: the part of Fennel that needs no Lua to read, for records and configuration.
//
// Read: nil, true, false; numbers as 42, -7, 1_000_000, 0.5, 1e-3, .inf, -.inf and .nan; "strings" with Lua's
// escapes (but \z); :keywords, which are strings; [sequences]; {:tables "of" pairs} whose keys are :keywords or
// strings; and ; comments. White space stands between values, as in Fennel a comma is none. A table's
// key with the value nil is no key, as in Fennel; a key that stands twice, which Fennel would let pass, is an error.
//
// Whatever is read here, Fennel's own reader reads as the same value. (Its compiler then loses digits past the
// 14th, integers past 2^53, and a DEL in a string: Fennel 1.5's doing.) Other Fennel (a list in parentheses,
// a symbol) is code: the error then has ErrorKind::refused, and is_code tells it apart from what is broken.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

constexpr size_t max_fnl_bytes = 1u << 20;
constexpr size_t max_fnl_depth = 64;

/// Reads exactly one value. `name` stands in messages: "config.fnl:3:9: …".
/// Bounded by `max_bytes` and max_fnl_depth.
Result<Data> read_fnl(std::string_view source, std::string_view name, size_t max_bytes = max_fnl_bytes);

/// Whether an error of read_fnl or edit_fnl means "this is Fennel code, not data".
bool is_code(const Error& error);

/// One value, pretty-printed: on one line where it fits, else a key to a line. Ends with a newline.
/// Keys that are plain words become :keywords, other strings only where Data says so. Bytes that
/// don't show as what they are become \ddd, so any bytes come back from read_fnl and from Fennel.
std::string write_fnl(const Data& data);

/// write_fnl without the newline for a place within a line: further lines begin `column` blanks in.
std::string format_fnl(const Data& data, size_t column);

/// The source with the value at `path` in its table replaced, added, or (nil) removed. Comments, order and
/// layout of everything else stay; a comment behind a removed value on its line goes with it. `path` goes
/// down tables, {"notifications", "to"}, and makes those that are missing. A source without any value counts as {}.
Result<std::string> edit_fnl(std::string_view source, std::string_view name, const std::vector<std::string>& path,
                             const Data& value);

} // namespace quire::text
