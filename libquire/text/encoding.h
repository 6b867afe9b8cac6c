// Texts that are not in UTF-8, so that they can be shown: UTF-16 by its byte order mark, else Latin-1.
#pragma once

#include <string>
#include <string_view>

namespace quire::text {

struct Decoded {
    std::string text;          ///< UTF-8
    std::string_view encoding; ///< "UTF-16" or "Latin-1"; "": it was kept as it is
};

/// Keeps what is UTF-8, also where a few bytes of it are not.
Decoded decode_text(std::string content);

} // namespace quire::text
