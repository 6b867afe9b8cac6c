// "/NAME/-/file/REF/PATH": a file, shown according to its type. "?view=source" shows the source of a file that could be
// rendered, "?wrap=1" wraps long lines, "?from=N" shows a further page of a long file, "?line=N" leads to the page with
// that line.
#include <algorithm>

#include "base/strings.h"
#include "history/renamed_file.h"
#include "web/code/code_view.h"
#include "web/code/file_pages.h"
#include "web/code/file_text.h"
#include "web/code/find_entry.h"
#include "web/code/image_size.h"
#include "web/code/markdown.h"
#include "web/code/media.h"
#include "web/code/outline.h"
#include "web/code/tab_width.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr uint64_t max_rendered = 1u << 20;
constexpr uint64_t max_link = 4096;
constexpr uint64_t max_measured = 8u << 20; ///< larger pictures don't say how many pixels they have

static Html note_of(const FileView& view, std::optional<uint64_t> lines)
{
    Html html;
    html.text(shown_size(view.size));
    if (lines && *lines > 0) // 0: they were not counted
        html.add(" · {} {}", grouped(*lines), *lines == 1 ? "line" : "lines");
    if (!view.encoding.empty())
        html.add(" · {}", view.encoding);
    return html;
}

/// The same place of the file in another form, or with other marks.
template <class Change>
static Url changed(const store::RepoName& name, FileView view, Change change)
{
    change(view);
    return view.address(name);
}

/// What one needs most stands first, since a phone shows the first row.
static Tools tools_of(const Visit& visit, const FileView& view, std::optional<uint64_t> lines)
{
    const store::RepoName& name = visit.name();
    const git::Place& place = view.place;
    bool is_code = lines && !view.is_rendered();
    bool has_history = lines && view.size <= history::max_file_bytes;
    Url raw = Url::view(name, "raw", place.ref, place.path), blame = Url::view(name, "blame", place.ref, place.path);
    auto in_form = [&](bool is_source) {
        return changed(name, view, [&](FileView& other) { other.from = 1, other.is_source = is_source; });
    };
    Tools tools;
    if (view.can_render)
        tools.choice("form",
                     {{"rendered", in_form(false), !view.is_source}, {"source", in_form(true), view.is_source}});
    if (is_code)
        tools.link(view.wraps ? "don’t wrap" : "wrap lines",
                   changed(name, view, [](FileView& other) { other.wraps = !other.wraps; }), "wrapper");
    if (!view.can_render)
        tools.link("raw", raw);
    tools.link("history", Url::view(name, "log", place.ref, place.path));
    bool has_room = !view.can_render || !is_code; // which the form and how lines are wrapped take together
    if (has_history && has_room)
        tools.link("blame", blame);
    tools.fold();
    if (has_history && !has_room)
        tools.link("blame", blame);
    if (view.can_render)
        tools.link("raw", raw);
    if (is_code)
        tools.toggle("link names", changed(name, view, [](FileView& other) { other.links_names = !other.links_names; }),
                     view.links_names);
    if (is_code && has_history)
        tools.link("follow lines", Url::view(name, "follow", place.ref, place.path), "follower");
    tools.link("find a file", Url::view(name, "search", place.ref), "finder");
    return tools.link(
        "permalink", changed(name, view, [](FileView& other) { other.place.ref = git::to_string(other.place.commit); }),
        "permalink");
}

static Page page_of(const Visit& visit, const FileView& view, std::optional<uint64_t> lines, Html content)
{
    Html body = path_head(path_line(visit.name(), view.place), note_of(view, lines), tools_of(visit, view, lines));
    body.append(content);
    content = Html(); // frees memory: it may be large
    return render(
        visit, {.title = shown_name(view.place.path), .tab = Tab::files, .place = &view.place, .view = "file"}, body);
}

static Page link_page(const Visit& visit, const git::Repository& repository, const git::Entry& entry,
                      const FileView& view)
{
    Html html;
    auto target = repository.blob(entry.id, max_link);
    html.add("<p>A symbolic link to <code>{}</code>.</p>\n", target ? shown_name(*target) : "a path that is too long");
    return page_of(visit, view, std::nullopt, std::move(html));
}

/// What stands for a file that git-lfs keeps elsewhere, and how large that is.
static Html lfs_notice(const Stretch& stretch, uint64_t size)
{
    constexpr std::string_view mark = "version https://git-lfs.github.com/spec/v1\n", key = "\nsize ";
    Html html;
    if (size > 1024 || !stretch.text.starts_with(mark))
        return html;
    std::string_view rest = stretch.text;
    size_t at = rest.find(key);
    auto bytes = at == std::string_view::npos
                     ? std::optional<uint64_t>()
                     : parse_decimal(rest.substr(at + key.size(), rest.find('\n', at + 1) - at - key.size()));
    return html.add("<p class=\"notice\">A pointer of Git LFS: the file itself{} is not in the repository.</p>\n",
                    bytes ? ", " + shown_size(*bytes) + "," : "");
}

/// Of larger files it would take longer than the page.
static Html outline_of(const Visit& visit, const git::Repository& repository, const git::Entry& entry,
                       const FileView& view)
{
    constexpr uint64_t max_outlined = 1u << 20;
    if (view.size > max_outlined)
        return {};
    auto content = repository.blob(entry.id, max_outlined);
    FileView first = view;
    first.from = 1;
    return content ? outline_list(visit.name(), view.place, *outline(visit.site, entry.id, entry.name, *content),
                                  first.address(visit.name()))
                   : Html();
}

static Page text_page(const Visit& visit, const git::Repository& repository, EntryFinder& entries,
                      const git::Entry& entry, const FileView& view)
{
    Html html;
    Url raw = Url::view(visit.name(), "raw", view.place.ref, view.place.path);
    Stretch stretch = TRY(read_file_text(visit, repository, entry.id, view.size, view.from, entry.name));
    if (stretch.is_binary) {
        html.add("<p class=\"empty\">Not text ({}). <a href=\"{}\">The file itself</a>.</p>\n", shown_size(view.size),
                 raw);
        return page_of(visit, view, std::nullopt, std::move(html));
    }
    if (stretch.lines == 0 && stretch.total.value_or(0) > 0)
        return http::redirect(last_page(visit.name(), view, *stretch.total).str());
    html.append(lfs_notice(stretch, view.size));
    bool has_tabs = stretch.text.find('\t') != std::string::npos;
    int tab_width = has_tabs ? TabWidths(files_of(entries), repository).of(view.place.path) : usual_tab_width;
    html.add("<div class=\"outlined\" data-symbols=\"{}\">\n{}<div>\n",
             Url::view(visit.name(), "symbol", view.place.ref).with("from", view.place.path).str(),
             outline_of(visit, repository, entry, view));
    uint64_t end = add_file_text(html, visit.name(), view, stretch, tab_width);
    html.add("</div></div>\n");
    if (view.line >= end && view.line <= stretch.total.value_or(UINT64_MAX))
        return http::redirect(page_from_line(visit.name(), view).str());
    FileView shown = view;
    shown.encoding = stretch.encoding;
    return page_of(visit, shown, stretch.total.value_or(0), std::move(html));
}

static Page rendered_page(const Visit& visit, const git::Repository& repository, EntryFinder& entries,
                          const git::Entry& entry, const FileView& view)
{
    std::string content = TRY(repository.blob(entry.id, max_rendered));
    if (is_binary(content))
        return text_page(visit, repository, entries, entry, view);
    Html html;
    std::string directory = view.place.path.substr(0, view.place.path.rfind('/') + 1);
    html.add("<article class=\"prose\">\n{}</article>\n",
             render_markdown(visit.name(), view.place.ref, directory, shown_prose(content)));
    return page_of(visit, view, std::count(content.begin(), content.end(), '\n'), std::move(html));
}

Page file_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    EntryFinder entries(visit, *repository, place.commit);
    auto entry = entries.find(place.path);
    if (!entry || entry->is_submodule())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_ref(place), shown_name(place.path));
    if (entry->is_directory())
        return http::redirect(Url::view(visit.name(), "tree", place.ref, place.path).str());
    FileView view = TRY(FileView::of(visit.request, place));
    view.size = TRY(repository->blob_size(entry->id));
    if (entry->is_link())
        return link_page(visit, *repository, *entry, view);
    if (view.line > 0 && !view.is_paged)
        return http::redirect(page_with_line(visit.name(), view).str());
    if (is_image(entry->name)) {
        Html html;
        auto content = repository->blob(entry->id, max_measured);
        if (auto size = content ? image_size(*content) : std::nullopt)
            html.add("<p class=\"facts\">{} × {} pixels</p>\n", size->width, size->height);
        html.add("<p class=\"picture\"><img src=\"{}\" alt=\"{}\"></p>\n",
                 Url::view(visit.name(), "raw", place.ref, place.path), shown_name(entry->name));
        return page_of(visit, view, std::nullopt, std::move(html));
    }
    if (view.size == 0)
        return page_of(visit, view, std::nullopt, Html().add("<p class=\"empty\">An empty file.</p>\n"));
    view.can_render = is_markdown(entry->name) && view.size <= max_rendered;
    return view.is_rendered() ? rendered_page(visit, *repository, entries, *entry, view)
                              : text_page(visit, *repository, entries, *entry, view);
}

} // namespace quire::web
