#include "web/code/image_size.h"

namespace quire::web {

namespace {

using Found = std::optional<ImageSize>;

uint32_t byte(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }
uint32_t big16(std::string_view bytes, size_t at) { return byte(bytes, at) << 8 | byte(bytes, at + 1); }
uint32_t big32(std::string_view bytes, size_t at) { return big16(bytes, at) << 16 | big16(bytes, at + 2); }
uint32_t little16(std::string_view bytes, size_t at) { return byte(bytes, at + 1) << 8 | byte(bytes, at); }
uint32_t little24(std::string_view bytes, size_t at) { return byte(bytes, at + 2) << 16 | little16(bytes, at); }

/// The size stands in the "start of frame" among the segments before the picture.
Found jpeg_size(std::string_view content)
{
    for (size_t at = 2; at + 9 < content.size();) {
        if (byte(content, at) != 0xff)
            return std::nullopt;
        uint32_t marker = byte(content, at + 1);
        if (marker == 0xff) { // padding
            ++at;
            continue;
        }
        bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (is_frame)
            return ImageSize{big16(content, at + 7), big16(content, at + 5)};
        uint32_t length = big16(content, at + 2);
        if (length < 2)
            return std::nullopt;
        at += 2 + length;
    }
    return std::nullopt;
}

Found webp_size(std::string_view content)
{
    std::string_view kind = content.substr(12, 4);
    if (kind == "VP8X")
        return ImageSize{little24(content, 24) + 1, little24(content, 27) + 1};
    if (kind == "VP8 ")
        return ImageSize{little16(content, 26) & 0x3fff, little16(content, 28) & 0x3fff};
    if (kind != "VP8L")
        return std::nullopt;
    uint32_t bits = little24(content, 21) | byte(content, 24) << 24;
    return ImageSize{(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
}

} // namespace

std::optional<ImageSize> image_size(std::string_view content)
{
    constexpr size_t least = 30;
    if (content.size() < least)
        return std::nullopt;
    Found found;
    if (content.starts_with("\x89PNG\r\n\x1a\n") && content.substr(12, 4) == "IHDR")
        found = ImageSize{big32(content, 16), big32(content, 20)};
    else if (content.starts_with("GIF8"))
        found = ImageSize{little16(content, 6), little16(content, 8)};
    else if (content.starts_with("\xff\xd8"))
        found = jpeg_size(content);
    else if (content.starts_with("RIFF") && content.substr(8, 4) == "WEBP")
        found = webp_size(content);
    return found && found->width > 0 && found->height > 0 ? found : std::nullopt;
}

} // namespace quire::web
