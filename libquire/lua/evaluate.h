// One Fennel file that computes a table: compiled and run in the sandbox, bounded, and read back as plain data.
#pragma once

#include "base/result.h"
#include "text/data.h"

namespace quire::lua {

/// What the file's last form comes to. `file` stands in messages: "config.fnl:3: …". invalid: it does not compile, it
/// raised, it took too long or too much memory, or what it yields is not data.
Result<text::Data> evaluate(std::string_view source, std::string_view file);

} // namespace quire::lua
