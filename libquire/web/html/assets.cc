#include "web/html/assets.h"

#include "web/html/embedded_assets.h"

namespace quire::web {

Url stylesheet_url() { return Url::local("/static/" QUIRE_STYLE_NAME); }
Url script_url() { return Url::local("/static/" QUIRE_SCRIPT_NAME); }

static http::Response make_asset(const char* type, std::string_view content)
{
    http::Response response;
    response.content_type = type;
    response.body = std::make_shared<const std::string>(content);
    response.caching = http::Caching::immutable;
    http::finish_body(response);
    http::compress_body(response);
    http::share_forms(response);
    return response;
}

std::optional<http::Response> find_asset(std::string_view name)
{
    static const http::Response style = make_asset("text/css; charset=utf-8", style_content);
    static const http::Response script = make_asset("text/javascript; charset=utf-8", script_content);
    if (name == QUIRE_STYLE_NAME)
        return style;
    if (name == QUIRE_SCRIPT_NAME)
        return script;
    return std::nullopt;
}

http::Response icon()
{
    static const http::Response response = [] {
        http::Response made = make_asset("image/svg+xml", icon_content);
        made.caching = http::Caching::revalidate;
        made.policy = http::Policy::raw;
        return made;
    }();
    return response;
}

} // namespace quire::web
