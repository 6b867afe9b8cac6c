// What bytes of a repository or run are, as far as a browser may know: text, a picture, or something to keep.
#pragma once

#include <string_view>

namespace quire::web {

bool is_image(std::string_view file_name);
/// A NUL near the beginning, as git judges.
bool is_binary(std::string_view content);
/// A type under which nothing runs: pictures as they are, text as plain text, the rest as bytes to keep.
std::string_view raw_type(std::string_view file_name, std::string_view content);

} // namespace quire::web
