// "/NAME/-/search?q=": names, content and messages of the default branch that hold some words.
#include "base/strings.h"
#include "web/costly.h"
#include "web/history.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t max_words = 200;
constexpr size_t max_names = 30;
constexpr size_t max_matches = 200;
constexpr size_t max_commits = 20;

static void add_matches(Html& body, const store::RepoName& name, std::string_view ref, const std::vector<Match>& matches)
{
    std::string_view path;
    for (const Match& match : matches) {
        Url file = Url::view(name, "file", ref, match.path);
        if (match.path != path)
            body.add("<h3><a href=\"{}\">{}</a></h3>\n", file, shown_name(match.path));
        path = match.path;
        body.add("<a class=\"match\" href=\"{}\"><span class=\"n\">{}</span><code>{}</code></a>\n",
                 file.at(fmt::format("L{}", match.line)), match.line, shown(match.text));
    }
}

static Result<void> add_results(Html& body, const Visit& visit, const git::Repository& repository,
                                const git::Place& place, const std::string& words)
{
    const store::RepoName& name = visit.name();
    int64_t deadline = costly_deadline(visit.request);
    auto names = TRY(search_names(*visit.repository, place.commit, words, max_names, time_left(deadline)));
    auto matches = TRY(search_content(*visit.repository, place.commit, words, max_matches, time_left(deadline)));
    auto commits = TRY(search_messages(*visit.repository, repository, place.commit, words, max_commits, time_left(deadline)));
    if (names.empty() && matches.empty() && commits.empty())
        body.add("<p class=\"empty\">Nothing in {} holds that.</p>\n", shown_name(place.ref));
    if (!names.empty()) {
        body.add("<h2>files</h2>\n<ul class=\"tree\">\n");
        for (const std::string& path : names)
            body.add("<li><a href=\"{}\">{}</a></li>\n", Url::view(name, "file", place.ref, path), shown_name(path));
        body.add("</ul>\n");
    }
    if (!commits.empty())
        body.add("<h2>commits</h2>\n{}", commit_list(name, commits));
    if (!matches.empty()) {
        body.add("<h2>lines</h2>\n");
        add_matches(body, name, place.ref, matches);
    }
    if (matches.size() == max_matches)
        body.add("<p class=\"empty\">The first {} lines.</p>\n", max_matches);
    return {};
}

Page search_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    std::string words(trim(visit.request.parameter("q")));
    Html body;
    body.add("<h1>search</h1>\n"
             "<form class=\"filter\" action=\"{}\"><label>words in {} <input type=\"text\" name=\"q\" value=\"{}\"></label>"
             "<button type=\"submit\">search</button></form>\n",
             Url::view(visit.name(), "search", visit.rest.empty() ? std::string() : place.ref), shown_name(place.ref), shown(words));
    bool is_usable = !words.empty() && words.size() <= max_words && words.find('\n') == std::string::npos && is_valid_utf8(words);
    if (is_usable)
        TRY(add_results(body, visit, *repository, place, words));
    else if (!words.empty())
        body.add("<p class=\"empty\">One line of at most {} bytes of text, please.</p>\n", max_words);
    return render(visit, {.title = "search", .tab = Tab::search}, body);
}

} // namespace quire::web
