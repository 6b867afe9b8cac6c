#include "web/code/media.h"

#include <utility>

#include "base/strings.h"

namespace quire::web {

static std::string_view image_type(std::string_view file_name)
{
    constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".png", "image/png"},   {".jpg", "image/jpeg"},  {".jpeg", "image/jpeg"},   {".gif", "image/gif"},
        {".webp", "image/webp"}, {".avif", "image/avif"}, {".svg", "image/svg+xml"}, {".ico", "image/x-icon"}};
    std::string lower = to_lower(file_name);
    for (const auto& [ending, type] : types)
        if (lower.ends_with(ending))
            return type;
    return {};
}

bool is_image(std::string_view file_name) { return !image_type(file_name).empty(); }

bool is_binary(std::string_view content)
{
    constexpr size_t looked_at = 8000;
    return content.substr(0, looked_at).find('\0') != std::string_view::npos;
}

std::string_view raw_type(std::string_view file_name, std::string_view content)
{
    if (std::string_view type = image_type(file_name); !type.empty())
        return type;
    return is_binary(content) ? "application/octet-stream" : "text/plain; charset=utf-8";
}

} // namespace quire::web
