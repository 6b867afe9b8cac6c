// Fennel data: the subset of Fennel that needs no Lua to read.
//
// Accepted: nil true false, integers and decimals, "strings" with Lua's escapes, :keywords (which are
// strings), [sequences], {:tables of} with string keys, commas as white space is NOT accepted, and ; comments.
// Anything else (a list in parentheses, a symbol) is code: read_fnl says so with ErrorKind::refused and
// `is_code` tells it apart from what is simply broken.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

/// Reads exactly one value. `name` stands in messages: "config.fnl:3:9: …".
/// Bounded: at most 1 MiB of text and 64 levels.
Result<Data> read_fnl(std::string_view source, std::string_view name);

/// Whether an error of read_fnl means "this is Fennel code, not data".
bool is_code(const Error& error);

/// One value, pretty-printed: tables a key to a line where they don't fit one, ends with a newline.
/// Strings that are plain words are written as :keywords only for table keys and where `keyword_values` lists their key.
std::string write_fnl(const Data& data);

/// The source with `key`'s value in the top-level table replaced, added, or (nil) removed; comments, order and
/// layout of everything else stay. `path` may be nested: {"notifications", "to"}.
Result<std::string> edit_fnl(std::string_view source, std::string_view name, const std::vector<std::string>& path,
                             const Data& value);

} // namespace quire::text
