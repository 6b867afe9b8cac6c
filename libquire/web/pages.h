// Every page, one function each, made in the file of that name. A page reads and renders; whether the reader
// may have it was decided before (routes.h).
#pragma once

#include "web/visit.h"

namespace quire::web {

http::Response list_page(const Visit& visit);   ///< page_list.cc
http::Response health_page(const Visit& visit); ///< page_site.cc, as the next three
http::Response robots_page(const Visit& visit);
http::Response icon_page(const Visit& visit);
http::Response asset_page(const Visit& visit);

http::Response home_page(const Visit& visit); ///< page_home.cc

} // namespace quire::web
