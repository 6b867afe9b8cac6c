#include "web/code/language_section.h"

#include <algorithm>

#include "web/budget/costly.h"
#include "web/code/file_list.h"

namespace quire::web {

constexpr size_t shown_languages = 6;
constexpr int64_t first_glance = 1'500'000;

/// The widths are attributes of a picture, because the page's policy allows no inline styles.
static Html language_bar(const Languages& languages)
{
    Html html;
    uint64_t all = 0;
    for (const auto& [name, bytes] : languages)
        all += bytes;
    if (all == 0)
        return html;
    html.add("<h2>languages</h2>\n<svg viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    uint64_t at = 0;
    Html list;
    for (size_t i = 0; i < languages.size() && i < shown_languages; ++i) {
        const auto& [name, bytes] = languages[i];
        bool is_trace = bytes * 200 < all; // less than half a percent
        if (is_trace)
            break;
        uint64_t width = bytes * 1000 / all;
        std::string shade = fmt::format("shade{}", i);
        html.add("<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"1\"></rect>", shade, at, width);
        at += width;
        list.add("<li><span class=\"{}\"></span>{} {}%</li>\n", "dot " + shade, name, (bytes * 100 + all / 2) / all);
    }
    return html.add("</svg>\n<ul class=\"shares\">\n{}</ul>\n", list);
}

Result<LanguageSection> language_section(const Visit& visit, const git::Repository& repository, const git_oid& tree)
{
    bool is_asked_for = !visit.request.parameter("languages").empty();
    std::optional<CostlyPlace> costly;
    if (is_asked_for)
        costly.emplace(TRY(CostlyPlace::take(visit.request)));
    auto found = languages(visit.site, repository, tree,
                           is_asked_for ? costly_patience(visit.request) : short_patience(visit.request, first_glance));
    LanguageSection section;
    section.is_whole = found != nullptr;
    bool is_open = !found && !is_asked_for;
    section.html.add("<section class=\"languages\">\n");
    if (found)
        section.html.append(language_bar(*found));
    else if (is_open)
        section.html.add("<p class=\"more fill\"><a href=\"{}\" data-part=\".languages\">count the languages</a></p>\n",
                         Url::repository(visit.name()).with("languages", "1"));
    section.html.add("</section>\n");
    if (is_open)
        visit.site.later(*visit.repository, "languages" + git::to_string(tree),
                         [&site = visit.site, tree](const git::Repository& later) {
                             languages(site, later, tree, Patience(monotonic_now() + Afterwards::patience));
                         });
    return section;
}

} // namespace quire::web
