// The stylesheet, the script and the icon, compiled in. Their URLs contain a hash of their content, so browsers can
// cache them for ever.
#pragma once

#include <optional>
#include <string_view>

#include "http/response.h"
#include "web/html/url.h"

namespace quire::web {

Url stylesheet_url();
Url script_url();
/// Finds an asset by the `name` in "/static/<name>".
std::optional<http::Response> find_asset(std::string_view name);
http::Response icon();

} // namespace quire::web
