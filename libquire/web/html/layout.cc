#include "web/html/layout.h"

#include "http/troubles.h"
#include "web/html/assets.h"
#include "web/html/parts.h"

namespace quire::web {

struct TabLink {
    Tab tab;
    const char* label;
    Url url;
};

static std::vector<TabLink> tabs_of(const Repository& repository, const git::Place* place)
{
    const store::RepoName& name = repository.name;
    std::string ref = place ? place->ref : std::string();
    std::vector<TabLink> tabs = {
        {Tab::home, "home", Url::repository(name)},
        {Tab::files, "files", Url::view(name, "tree", ref)},
        {Tab::log, "log", Url::view(name, "log", ref)},
        {Tab::refs, "refs", Url::view(name, "refs")},
        {Tab::search, "search", Url::view(name, "search", ref)},
    };
    if (repository.shows_runs)
        tabs.push_back({Tab::runs, "runs", Url::runs(name)});
    return tabs;
}

static void add_head(Html& out, std::string_view title, const Repository* repository)
{
    out.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<link rel=\"stylesheet\" href=\"{}\">\n<link rel=\"icon\" href=\"/favicon.ico\" type=\"image/svg+xml\">\n"
            "<script src=\"{}\" defer></script>\n",
            title, stylesheet_url(), script_url());
    if (repository)
        out.add("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"commits\" href=\"{}\">\n",
                Url::view(repository->name, "atom"));
    out.add("</head>\n");
}

/// The ref that the page is about: leads to a list of refs, in which each leads to this view of itself. The list is a
/// page of its own, since this one may be kept for longer than a list would be true.
static void add_switch(Html& out, const store::RepoName& name, const Frame& frame)
{
    Url list = Url::view(name, "refs").with("view", frame.view);
    if (!frame.place->path.empty())
        list = list.with("path", frame.place->path);
    out.add("<a class=\"ref\" rel=\"nofollow\" title=\"another branch or tag\" href=\"{}\">{}</a>", list,
            shown_ref(*frame.place));
}

static void add_repository_bar(Html& out, const Repository& repository, const Frame& frame)
{
    const store::RepoName& name = repository.name;
    std::string group = name.group();
    if (!group.empty())
        out.add("<span class=\"slash\">/</span><a href=\"{}\">{}</a>", Url::local("/").at(group), group);
    std::string_view own = name.str();
    own.remove_prefix(group.empty() ? 0 : group.size() + 1);
    out.add("<span class=\"slash\">/</span><a class=\"name\" href=\"{}\">{}</a>", Url::repository(name), own);
    if (repository.config.is_private)
        out.add("<span class=\"label\">private</span>");
    if (frame.place)
        add_switch(out, name, frame);
    out.add("</div>\n<nav class=\"tabs\" aria-label=\"repository\">");
    for (const TabLink& link : tabs_of(repository, frame.keeps_ref ? frame.place : nullptr)) {
        if (link.tab == frame.tab)
            out.add("<a href=\"{}\" aria-current=\"page\">{}</a>", link.url, link.label);
        else
            out.add("<a href=\"{}\">{}</a>", link.url, link.label);
    }
    out.add("</nav>\n");
}

static void add_bar(Html& out, const http::Request& request, const Repository* repository, const Frame& frame)
{
    out.add("<header class=\"bar\"><div class=\"inner\">\n<div class=\"where\"><a class=\"mark\" href=\"/\">quire</a>");
    if (repository)
        add_repository_bar(out, *repository, frame);
    else
        out.add("</div>\n");
    if (request.is_authenticated() && !repository)
        out.add("<nav class=\"tabs\" aria-label=\"site\"><a href=\"/runs\">runs</a></nav>\n");
    out.add("</div></header>\n");
}

static Html begin(const http::Request& request, const Repository* repository, const Frame& frame)
{
    std::string title = frame.title;
    if (repository)
        title = title.empty() ? repository->name.str() : repository->name.str() + ": " + title;
    Html out;
    add_head(out, title, repository);
    out.add("<body>\n<a class=\"skip\" href=\"#content\">to the content</a>\n");
    add_bar(out, request, repository, frame);
    return out.add("<main id=\"content\">\n");
}

Html page_end()
{
    Html out;
    return out.add("</main>\n</body>\n</html>\n");
}

http::Response page_response(std::string text, int status)
{
    http::Response response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::make_shared<const std::string>(std::move(text));
    http::finish_body(response);
    return response;
}

static http::Response whole_page(Html out, const Frame& frame, const Html& body)
{
    Html end = page_end();
    out.reserve(out.size() + body.size() + end.size());
    out.append(body).append(end);
    http::Response response = page_response(out.take(), frame.status);
    if (!frame.is_whole)
        response.caching = http::Caching::none;
    return response;
}

Html page_beginning(const Visit& visit, const Frame& frame)
{
    Frame whole = frame;
    whole.keeps_ref = !visit.rest.empty(); // else it is the default one, whose addresses need no name
    return begin(visit.request, visit.repository.get(), whole);
}

http::Response render(const Visit& visit, const Frame& frame, const Html& body)
{
    return whole_page(page_beginning(visit, frame), frame, body);
}

static http::Response notice(const http::Request& request, int status, std::string_view title, const Html& text)
{
    Html body;
    body.add("<h1>{}</h1>\n<p>{}</p>\n", title, text);
    Frame frame{.title = std::string(title), .status = status};
    return whole_page(begin(request, nullptr, frame), frame, body);
}

http::Response notice(const http::Request& request, int status, std::string_view title, std::string_view text)
{
    return notice(request, status, title, Html().text(text));
}

http::Response apology(const http::Request& request, int status, std::string_view title, std::string_view text)
{
    return http::tell(request.accepts_html, status, title, text, [&] { return notice(request, status, title, text); });
}

std::optional<http::Response> nothing_pushed(const Visit& visit, const git::Repository& repository, Tab tab,
                                             std::string_view title)
{
    if (!visit.rest.empty() || repository.resolve({}))
        return std::nullopt;
    Html body;
    body.add("<h1>{}</h1>\n<p class=\"empty\">Nothing has been pushed here yet. <a href=\"{}\">How to push</a></p>\n",
             title, Url::repository(visit.name()));
    return render(visit, {.title = std::string(title), .tab = tab}, body);
}

http::Response missing(const Visit& visit, std::string_view reason)
{
    Html paragraph;
    return missing(visit, reason, paragraph.add("<p>{}</p>\n", reason));
}

http::Response missing(const Visit& visit, std::string_view reason, const Html& page)
{
    if (!visit.repository)
        return not_found(visit.request);
    constexpr const char* title = "not found";
    return http::tell(visit.request.accepts_html, 404, title, reason, [&] {
        Html body;
        body.add("<h1>{}</h1>\n{}", title, page);
        return render(visit, {.title = title, .status = 404}, body);
    });
}

http::Response not_found(const http::Request& request)
{
    constexpr const char* title = "not found";
    return http::tell(request.accepts_html, 404, title, "There is no such page, or you may not see it.", [&] {
        Html text;
        text.add("There is no such page, or you may not see it. Please check the address, or begin with the <a "
                 "href=\"/\">list of repositories</a>.");
        return notice(request, 404, title, text);
    });
}

} // namespace quire::web
