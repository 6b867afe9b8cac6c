// "/NAME/-/tree/REF/PATH": a directory.
#include "base/strings.h"
#include "web/layout.h"
#include "web/markdown.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t max_readme = 1u << 20;

Html tree_list(const store::RepoName& name, const git::Place& place, const std::vector<git::Entry>& entries)
{
    Html html;
    html.add("<ul class=\"tree\">\n");
    std::string directory = place.path.empty() ? std::string() : place.path + "/";
    for (const git::Entry& entry : entries) {
        std::string path = directory + entry.name;
        bool is_jj_bookkeeping = entry.name.starts_with(".jjconflict-") || entry.name == "JJ-CONFLICT-README";
        if (is_jj_bookkeeping)
            continue;
        if (entry.is_submodule())
            html.add("<li class=\"submodule\">{} <code>@ {}</code></li>\n", shown_name(entry.name), short_id(entry.id));
        else if (entry.is_directory())
            html.add("<li class=\"directory\"><a href=\"{}\">{}/</a></li>\n", Url::view(name, "tree", place.ref, path),
                     shown_name(entry.name));
        else if (entry.is_link())
            html.add("<li class=\"link\"><a href=\"{}\">{}</a> <span class=\"label\">link</span></li>\n",
                     Url::view(name, "file", place.ref, path), shown_name(entry.name));
        else
            html.add("<li><a href=\"{}\">{}</a></li>\n", Url::view(name, "file", place.ref, path), shown_name(entry.name));
    }
    return html.add("</ul>\n");
}

Page tree_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = repository->find(place.commit, place.path);
    if (!entry)
        return fail(ErrorKind::not_found, "'{}' has no directory '{}'.", shown_name(place.ref), shown_name(place.path));
    if (!entry->is_directory())
        return http::redirect(Url::view(visit.name(), "file", place.ref, place.path).str());
    std::vector<git::Entry> entries = TRY(repository->list(entry->id));
    Html body = path_line(visit.name(), place);
    body.add("<p class=\"facts\">at <a href=\"{}\">{}</a> · <a href=\"{}\">history</a></p>\n",
             Url::view(visit.name(), "commit", git::to_string(place.commit)), shown_name(place.ref),
             Url::view(visit.name(), "log", place.ref, place.path));
    body.append(tree_list(visit.name(), place, entries));
    for (const git::Entry& file : entries) {
        auto content = is_readme(file.name) && is_markdown(file.name) && !file.is_directory()
                           ? repository->blob(file.id, max_readme)
                           : Result<std::string>(std::string());
        if (content && !content->empty())
            body.add("<article class=\"prose\">\n{}</article>\n",
                     render_markdown(visit.name(), place.ref, place.path, shown(*content)));
    }
    std::string title = place.path.empty() ? place.ref : place.path;
    return render(visit, {.title = shown_name(title), .tab = Tab::files}, body);
}

} // namespace quire::web
