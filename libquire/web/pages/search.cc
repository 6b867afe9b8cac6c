// "/NAME/-/search/REF/PATH?q=": searches for words, only below PATH if that is given. "?in=names", "content" or
// "messages" search only there; "changes" and "lines" find the commits that changed the words.
#include <algorithm>

#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/search_results.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_words = 200;

namespace {

struct Scope {
    const char *name, *label;
};

/// The first scope is used if there is no "in".
constexpr Scope scopes[] = {
    {"", "names, lines and messages"},
    {"names", "names of files"},
    {"content", "lines of files"},
    {"messages", "messages of commits"},
    {"changes", "commits that add or remove it"},
    {"lines", "commits that touch a line with it"},
};

} // namespace

static void add_form(Html& body, const Visit& visit, const git::Place& place, const std::string& words,
                     std::string_view scope)
{
    Url here = visit.rest.empty() ? Url::view(visit.name(), "search")
                                  : Url::view(visit.name(), "search", place.ref, place.path);
    body.add("<form class=\"filter\" action=\"{}\"><label>words <input type=\"text\" name=\"q\" value=\"{}\"></label>"
             "<label>in <select name=\"in\">",
             here, shown(words));
    for (const Scope& one : scopes) {
        if (scope == one.name)
            body.add("<option value=\"{}\" selected>{}</option>", one.name, one.label);
        else
            body.add("<option value=\"{}\">{}</option>", one.name, one.label);
    }
    body.add("</select></label><button type=\"submit\">search</button></form>\n<p class=\"facts\">at {}",
             shown_name(place.ref));
    if (!place.path.empty())
        body.add(", in {} · <a href=\"{}\">search everywhere</a>", shown_name(place.path),
                 Url::view(visit.name(), "search", place.ref));
    body.add("</p>\n");
}

Page search_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    std::string words(trim(visit.request.parameter("q")));
    std::string_view scope = visit.request.parameter("in");
    if (std::none_of(std::begin(scopes), std::end(scopes), [&](const Scope& one) { return scope == one.name; }))
        return fail(ErrorKind::not_found, "'{}' can't be searched. Choose names, content, messages, changes or lines.",
                    shown_name(scope));
    Html body;
    body.add("<h1>search</h1>\n");
    add_form(body, visit, place, words, scope);
    bool is_usable = words.size() <= max_words && words.find('\n') == std::string::npos && is_valid_utf8(words);
    if (!words.empty() && !is_usable)
        body.add("<p class=\"empty\">One line of at most {} bytes of text, please.</p>\n", max_words);
    Search search{*visit.repository, *repository, place.commit, place.path, words, costly_patience(visit.request)};
    bool is_whole = words.empty() || !is_usable || TRY(add_results(body, visit.name(), place, search, scope));
    return render(visit, {.title = "search", .tab = Tab::search, .is_whole = is_whole}, body);
}

} // namespace quire::web
