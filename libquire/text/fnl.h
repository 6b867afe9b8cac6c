// Fennel data: the part of Fennel that can be read without Lua, for records and configuration.
//
// It reads nil, true, false; numbers such as 42, -7, 1_000_000, 0.5, 1e-3, .inf, -.inf and .nan; "strings" with Lua's
// escapes (except \z); :keywords, which are strings; [sequences]; {:tables "of" pairs} whose keys are :keywords or
// strings; and ; comments. Values are separated by white space; as in Fennel, a comma does not separate. As in Fennel,
// a nil value removes its key. A key that stands twice is an error here, though Fennel accepts it.
//
// Fennel's own reader reads the same value from every text that is accepted here. (The compiler of Fennel 1.5 then
// loses digits after the 14th, integers above 2^53, and a DEL in a string.) Any other Fennel, such as a list in
// parentheses or a symbol, is code: the error has ErrorKind::refused, and is_code tells it from a malformed text.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

constexpr size_t max_fnl_bytes = 1u << 20;
constexpr size_t max_fnl_depth = 64;

/// Reads exactly one value. `name` appears in messages: "config.fnl:3:9: …". The text may have at most max_bytes bytes
/// and max_fnl_depth levels.
Result<Data> read_fnl(std::string_view source, std::string_view name, size_t max_bytes = max_fnl_bytes);

/// Whether an error of read_fnl or edit_fnl means that the text is Fennel code rather than data.
bool is_code(const Error& error);

/// One value, pretty-printed: on one line if it fits, otherwise one key a line. Ends with a newline. Keys that are
/// plain words become :keywords; other strings do so only where Data asks for it. Bytes that are not printable become
/// \ddd, so read_fnl and Fennel read back exactly the same bytes.
std::string write_fnl(const Data& data);

/// Like write_fnl without the last newline, for use within a line: further lines are indented by `column` blanks.
std::string format_fnl(const Data& data, size_t column);

/// Replaces, adds or (with nil) removes the value at `path` in the table of `source`. Comments, order and layout of the
/// rest stay; a comment that follows a removed value on its line is removed too. `path` leads through nested tables,
/// {"notifications", "to"}, and creates missing ones. A source without any value counts as {}.
Result<std::string> edit_fnl(std::string_view source, std::string_view name, const std::vector<std::string>& path,
                             const Data& value);

} // namespace quire::text
