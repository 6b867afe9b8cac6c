#include "web/parts.h"

namespace quire::web {

static Html time_element(Instant instant, size_t shown)
{
    std::string full = format_instant(instant).substr(0, 19) + "Z";
    std::string text = full.substr(0, shown);
    if (text.size() > 10)
        text[10] = ' ';
    Html html;
    html.add("<time datetime=\"{}\" title=\"{}\">{}</time>", full, full, text);
    return html;
}

Html date(Instant instant) { return time_element(instant, 10); }
Html date_and_time(Instant instant) { return time_element(instant, 16); }

} // namespace quire::web
