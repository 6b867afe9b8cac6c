// The small answers that belong to no repository.
#include "web/html/assets.h"
#include "web/html/layout.h"
#include "web/pages/pages.h"

namespace quire::web {

Page health_page(const Visit&) { return http::text_response(200, "ok\n"); }

Page metrics_page(const Visit& visit)
{
    http::Response response = http::text_response(200, visit.site.ledger().metrics());
    response.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    response.caching = http::Caching::none;
    return response;
}

/// Searchers may read what a person would; not the pages that cost much, and not those of every commit's every file, of
/// which there is no end (pages mark links there as nofollow, too).
Page robots_page(const Visit&)
{
    http::Response response = http::text_response(
        200, "User-agent: *\nDisallow: /*/-/blame\nDisallow: /*/-/archive\nDisallow: /*/-/search\nDisallow: "
             "/-/search\nDisallow: /*/-/symbol\n"
             "Disallow: /*/-/compare\nDisallow: /*/-/range-diff\nDisallow: /*/-/log/*?\nDisallow: /*/-/log?\nDisallow: "
             "/*/-/raw\nDisallow: /*/-/paths\n"
             "Disallow: /*/-/*?*view=\nDisallow: /*/-/*?*names=\nDisallow: /*/-/*?*space=\nDisallow: "
             "/*/-/*?*open=\nDisallow: "
             "/*/-/*?*refs=\nDisallow: /*/-/*?*changes=\n"
             "Disallow: /*/-/commit/*.patch\nDisallow: /*/-/commit/*.diff\nDisallow: /*/runs\n");
    response.caching = http::Caching::revalidate;
    http::finish_body(response);
    return response;
}

/// "/-/login/KEY": the link of whoever owns a forge that no proxy stands before. A wrong key is as good as no such
/// page.
Page login_page(const Visit& visit)
{
    const http::Login& login = visit.site.login();
    if (visit.rest.size() != 2 || visit.rest[0] != "login" || !login.accepts(visit.rest[1]))
        return not_found(visit.request);
    http::Response response = http::redirect("/", 303); // the key leaves the address bar
    response.headers.emplace_back("Set-Cookie", login.set_cookie());
    return response;
}

Page icon_page(const Visit&) { return icon(); }

Page asset_page(const Visit& visit)
{
    auto asset = visit.rest.size() == 1 ? find_asset(visit.rest[0]) : std::nullopt;
    return asset ? std::move(*asset) : not_found(visit.request);
}

} // namespace quire::web
