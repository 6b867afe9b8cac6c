// "/NAME": what a repository is, at a glance.
#include "web/layout.h"
#include "web/pages.h"

namespace quire::web {

http::Response home_page(const Visit& visit)
{
    Html body;
    body.add("<h1>{}</h1>\n<p class=\"description\">{}</p>\n", visit.name().str(), visit.repository->config.description);
    return render(visit, {.title = "", .tab = Tab::home}, body);
}

} // namespace quire::web
