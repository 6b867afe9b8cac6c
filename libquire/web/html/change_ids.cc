#include "web/html/change_ids.h"

#include <algorithm>

#include "web/html/parts.h"

namespace quire::web {

std::optional<history::ChangeIndex> open_change_index(const Visit& visit)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto index = runs ? history::ChangeIndex::open(runs->get())
                      : Result<history::ChangeIndex>(Unexpected(std::move(runs).error()));
    return index ? std::optional(std::move(*index)) : std::nullopt;
}

Html ChangeIds::link(std::string_view id, Length length) const
{
    constexpr size_t shortest = 8;
    size_t apart = m_index ? m_index->prefix_length(id) : 0;
    std::string_view shown = length == Length::whole ? id : id.substr(0, std::max(shortest, apart));
    Html html;
    return html.add("<a class=\"change-id\" href=\"{}\" title=\"{}\"><code><b>{}</b>{}</code></a>",
                    Url::view(m_name, "change", id), "change " + std::string(id), shown.substr(0, apart),
                    shown.substr(std::min(apart, shown.size())));
}

} // namespace quire::web
