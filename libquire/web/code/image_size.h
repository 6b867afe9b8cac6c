// How large a picture is, by the head of its file: PNG, GIF, JPEG, WebP. Nothing is decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::web {

struct ImageSize {
    uint32_t width = 0, height = 0;
};

/// nullopt for other kinds of files, and for what is damaged.
std::optional<ImageSize> image_size(std::string_view content);

} // namespace quire::web
