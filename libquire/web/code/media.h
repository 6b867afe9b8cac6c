// What a browser is told about the type of a file in a repository or run: text, a picture, or bytes to save.
#pragma once

#include <string_view>

namespace quire::web {

bool is_image(std::string_view file_name);
/// Whether there is a NUL near the beginning, which is git's rule.
bool is_binary(std::string_view content);
/// A type under which nothing is executed: pictures as they are, text as plain text, everything else as bytes to save.
std::string_view raw_type(std::string_view file_name, std::string_view content);

} // namespace quire::web
