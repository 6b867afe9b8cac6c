// Evaluates one Fennel file that computes a table, in the sandbox and within limits, and returns plain data.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::lua {

/// The value of the file's last form. `file` appears in messages: "config.fnl:3: …". ErrorKind::invalid: it does not
/// compile, raises, takes too much time or memory, or its value is not data.
Result<text::Data> evaluate(std::string_view source, std::string_view file);

} // namespace quire::lua
