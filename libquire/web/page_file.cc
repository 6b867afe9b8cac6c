// "/NAME/-/file/REF/PATH": a file, shown as what it is.
#include <algorithm>

#include "base/strings.h"
#include "web/layout.h"
#include "web/markdown.h"
#include "web/media.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

/// What is larger is offered as bytes only.
constexpr size_t max_shown = 2u << 20;
constexpr size_t max_lines = 20'000;

static Html facts(const Visit& visit, const git::Place& place, uint64_t size, bool rendered, bool can_render)
{
    const store::RepoName& name = visit.name();
    Html html;
    html.add("<p class=\"facts\">at <a href=\"{}\">{}</a> · {}", Url::view(name, "commit", git::to_string(place.commit)),
             shown_name(place.ref), shown_size(size));
    Url here = Url::view(name, "file", place.ref, place.path);
    if (can_render && rendered)
        html.add(" · <a href=\"{}\">source</a>", here.with("view", "source"));
    else if (can_render)
        html.add(" · <a href=\"{}\">rendered</a>", here);
    html.add(" · <a href=\"{}\">raw</a> · <a href=\"{}\">history</a>", Url::view(name, "raw", place.ref, place.path),
             Url::view(name, "log", place.ref, place.path));
    html.add(" · <a href=\"{}\">blame</a>", Url::view(name, "blame", place.ref, place.path));
    html.add(" · <a class=\"finder\" href=\"{}\">find a file</a>", Url::view(name, "search", place.ref));
    return html.add(" · <a class=\"permalink\" href=\"{}\">permalink</a></p>\n",
                    Url::view(name, "file", git::to_string(place.commit), place.path));
}

static Html link_target(const std::string& target)
{
    Html html;
    return html.add("<p>A symbolic link to <code>{}</code>.</p>\n", shown_name(target));
}

static Result<Html> content_of(const Visit& visit, const git::Repository& repository, const git::Place& place,
                               const git::Entry& entry, uint64_t size, bool rendered)
{
    Html html;
    Url raw = Url::view(visit.name(), "raw", place.ref, place.path);
    if (is_image(entry.name))
        return html.add("<p class=\"picture\"><img src=\"{}\" alt=\"{}\"></p>\n", raw, shown_name(entry.name));
    if (size > max_shown)
        return html.add("<p class=\"empty\">Too large to show here ({}). <a href=\"{}\">The file itself</a>.</p>\n",
                        shown_size(size), raw);
    std::string content = TRY(repository.blob(entry.id, max_shown));
    if (entry.is_link())
        return link_target(content);
    if (content.empty())
        return html.add("<p class=\"empty\">An empty file.</p>\n");
    if (is_binary(content))
        return html.add("<p class=\"empty\">Not text ({}). <a href=\"{}\">The file itself</a>.</p>\n", shown_size(size), raw);
    std::string text = shown(content);
    if (rendered)
        return html.add("<article class=\"prose\">\n{}</article>\n",
                        render_markdown(visit.name(), place.ref, place.path.substr(0, place.path.rfind('/') + 1), text));
    html.append(code_lines(entry.name, text, max_lines));
    if (std::count(text.begin(), text.end(), '\n') > static_cast<ptrdiff_t>(max_lines))
        html.add("<p class=\"empty\">The first {} lines. <a href=\"{}\">All of it</a>.</p>\n", max_lines, raw);
    return html;
}

Page file_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = repository->find(place.commit, place.path);
    if (!entry || entry->is_submodule())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_name(place.ref), shown_name(place.path));
    if (entry->is_directory())
        return http::redirect(Url::view(visit.name(), "tree", place.ref, place.path).str());
    uint64_t size = TRY(repository->blob_size(entry->id));
    bool can_render = is_markdown(entry->name) && !entry->is_link();
    bool rendered = can_render && visit.request.parameter("view") != "source";
    Html body = path_line(visit.name(), place);
    body.append(facts(visit, place, size, rendered, can_render));
    body.append(TRY(content_of(visit, *repository, place, *entry, size, rendered)));
    return render(visit, {.title = shown_name(place.path), .tab = Tab::files, .width = rendered ? Width::narrow : Width::wide}, body);
}

} // namespace quire::web
