#include "web/code/file_pages.h"

#include "base/strings.h"
#include "web/code/code_view.h"
#include "web/html/parts.h"

namespace quire::web {

static const uint64_t page_lines = StretchLimits().lines;

static uint64_t page_start(uint64_t line) { return line - (line - 1) % page_lines; }

static Result<uint64_t> line_number(std::string_view text)
{
    auto number = parse_decimal(text);
    if (!number || *number == 0)
        return fail(ErrorKind::not_found, "'{}' is no line's number.", shown_name(text));
    return *number;
}

Result<FileView> FileView::of(const http::Request& request, git::Place place)
{
    FileView view{.place = std::move(place)};
    std::string_view from = request.parameter("from"), line = request.parameter("line");
    if (from == "last")
        view.from = UINT64_MAX;
    else if (!from.empty())
        view.from = TRY(line_number(from));
    if (!line.empty())
        view.line = TRY(line_number(line));
    view.is_paged = !from.empty();
    view.is_source = request.parameter("view") == "source";
    view.wraps = request.parameter("wrap") == "1";
    view.links_names = request.parameter("names") == "1";
    return view;
}

Url FileView::address(const store::RepoName& name) const
{
    Url url = Url::view(name, "file", place.ref, place.path);
    if (is_source)
        url = url.with("view", "source");
    if (wraps)
        url = url.with("wrap", "1");
    if (links_names)
        url = url.with("names", "1");
    return from > 1 ? url.with("from", std::to_string(from)) : url;
}

Url page_with_line(const store::RepoName& name, const FileView& view)
{
    FileView other = view;
    other.from = 1;
    std::string number = std::to_string(view.line);
    return other.address(name)
        .with("from", std::to_string(page_start(view.line)))
        .with("line", number)
        .at("L" + number);
}

Url page_from_line(const store::RepoName& name, FileView view)
{
    view.from = view.line;
    return view.address(name).at("L" + std::to_string(view.line));
}

Url last_page(const store::RepoName& name, FileView view, uint64_t total)
{
    view.from = page_start(total);
    return view.address(name);
}

static Url page_from(const store::RepoName& name, FileView view, uint64_t from)
{
    view.from = from;
    return view.address(name);
}

static Html page_links(const store::RepoName& name, const FileView& view, uint64_t next, std::optional<uint64_t> total)
{
    Html html;
    uint64_t previous = view.from > page_lines ? view.from - page_lines : 1;
    if (view.from > 1)
        html.add("<a href=\"{}\">first</a> <a rel=\"prev\" href=\"{}\">previous</a> ", page_from(name, view, 1),
                 page_from(name, view, previous));
    if (next == 0)
        return html;
    Url last = total ? last_page(name, view, *total) : page_from(name, view, 1).with("from", "last");
    return html.add("<a rel=\"next\" href=\"{}\">next</a> <a href=\"{}\">last</a>", page_from(name, view, next), last);
}

/// "lines 10,001–20,000 of 1,000,000" or "…, more follow", with links and a field for the number of a line.
static void add_bar(Html& html, const store::RepoName& name, const FileView& view, uint64_t end, const Html& links,
                    std::optional<uint64_t> total)
{
    html.add("<form class=\"filter lines\" action=\"{}\"><span>lines {}–{}{}</span> "
             "<nav class=\"pages\" aria-label=\"pages\">{}</nav> "
             "<label>go to line <input type=\"text\" name=\"line\" inputmode=\"numeric\" size=\"9\"></label>",
             Url::view(name, "file", view.place.ref, view.place.path), grouped(view.from), grouped(end - 1),
             total ? " of " + grouped(*total) : ", more follow", links);
    if (view.is_source)
        html.add("<input type=\"hidden\" name=\"view\" value=\"source\">");
    if (view.wraps)
        html.add("<input type=\"hidden\" name=\"wrap\" value=\"1\">");
    if (view.links_names)
        html.add("<input type=\"hidden\" name=\"names\" value=\"1\">");
    html.add("<button type=\"submit\">go</button></form>\n");
}

static LinkOfName links_of_names(const store::RepoName& name, const git::Place& place)
{
    return
        [&](std::string_view symbol) { return Url::view(name, "symbol", place.ref, symbol).with("from", place.path); };
}

uint64_t add_file_text(Html& html, const store::RepoName& name, const FileView& view, const Stretch& stretch,
                       int tab_width)
{
    Html code;
    uint64_t lines = add_code(code, stretch.highlighter, stretch.text,
                              {.first = view.from,
                               .max_lines = page_lines,
                               .wraps = view.wraps,
                               .page = page_lines,
                               .tab_width = tab_width,
                               .cut = stretch.cut,
                               .link_of = view.links_names ? links_of_names(name, view.place) : LinkOfName()});
    uint64_t end = view.from + lines;
    uint64_t next = stretch.goes_on || lines < stretch.lines ? end : 0;
    if (view.from == 1 && next == 0) {
        html.append(code);
        return end;
    }
    Html links = page_links(name, view, next, stretch.total);
    add_bar(html, name, view, end, links, stretch.total);
    html.append(code).add("<nav class=\"pages\" aria-label=\"pages, again\">{}</nav>\n", links);
    return end;
}

} // namespace quire::web
