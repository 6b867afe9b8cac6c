// "/NAME/-/log/REF/PATH": commits, a page at a time; "?all=1" of all refs, "?author=" and "?q=" filter them.
#include "base/strings.h"
#include "git/change_id.h"
#include "git/diff.h"
#include "git/log_walk.h"
#include "web/budget/costly.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t page_size = 50;
/// What a worker may spend without a place among the costly ones: most histories of a path are found in it.
constexpr int64_t quick_look = 40'000'000;
constexpr size_t max_tips = 2000;
constexpr size_t max_filter = 200;

namespace {

/// What the address asks for.
struct Wanted {
    git::Place place;
    bool all = false;
    std::string author, words;
    bool is_continued = false;

    bool is_limited() const { return !author.empty() || !words.empty(); }
};

} // namespace

static Url address_of(const Visit& visit, const Wanted& wanted)
{
    Url url = Url::view(visit.name(), "log", wanted.all ? std::string() : wanted.place.ref, wanted.place.path);
    if (wanted.all)
        url = url.with("all", "1");
    if (!wanted.author.empty())
        url = url.with("author", wanted.author);
    return wanted.words.empty() ? url : url.with("q", wanted.words);
}

/// The commits that "?from=" names, else the ref's, else every ref's.
static Result<std::vector<git_oid>> find_start(const Visit& visit, const git::Repository& repository, Wanted& wanted)
{
    std::vector<git_oid> ids;
    std::string_view from = visit.request.parameter("from");
    if (!from.empty()) {
        wanted.is_continued = true;
        for (std::string_view part : split(from, '.'))
            if (auto id = git::parse_oid(part))
                ids.push_back(*id);
        if (ids.empty())
            return fail(ErrorKind::not_found, "The address names no commit to continue from.");
    } else if (wanted.all) {
        for (const git::Ref& ref : TRY(repository.refs(max_tips)))
            ids.push_back(ref.commit);
    } else {
        ids.push_back(wanted.place.commit);
    }
    return ids;
}

static void add_heading(Html& body, const Visit& visit, const Wanted& wanted)
{
    if (wanted.place.path.empty())
        body.add("<h1>log</h1>\n");
    else
        body.append(path_line(visit.name(), wanted.place));
    Wanted other = wanted;
    other.all = !wanted.all;
    if (wanted.all)
        body.add("<p class=\"facts\">of all branches and tags · <a href=\"{}\">of {} alone</a></p>\n",
                 address_of(visit, other), shown_name(wanted.place.ref));
    else if (wanted.place.path.empty())
        body.add(
            "<p class=\"facts\">of {} · <a href=\"{}\">of all branches and tags</a> · <a href=\"{}\">feed</a></p>\n",
            shown_name(wanted.place.ref), address_of(visit, other), Url::view(visit.name(), "atom", wanted.place.ref));
    else
        body.add("<p class=\"facts\">of {} · <a href=\"{}\">all names</a></p>\n", shown_name(wanted.place.ref),
                 Url::view(visit.name(), "trail", wanted.place.ref, wanted.place.path));
}

static void add_form(Html& body, const Visit& visit, const Wanted& wanted)
{
    body.add(
        "<form class=\"filter\" action=\"{}\"><label>author <input type=\"text\" name=\"author\" value=\"{}\"></label> "
        "<label>words <input type=\"text\" name=\"q\" value=\"{}\"></label>",
        Url::view(visit.name(), "log", wanted.all ? std::string() : wanted.place.ref, wanted.place.path),
        shown(wanted.author), shown(wanted.words));
    if (wanted.all)
        body.add("<input type=\"hidden\" name=\"all\" value=\"1\">");
    body.add("<button type=\"submit\">filter</button></form>\n");
}

static Url continued(Url url, const std::vector<git_oid>& rest)
{
    std::vector<std::string> ids;
    for (const git_oid& id : rest)
        ids.push_back(git::to_string(id));
    return url.with("from", join(ids, "."));
}

/// Where the path had another name before the oldest commit of the page.
static void add_earlier_name(Html& body, const Visit& visit, const git::Repository& repository, const Wanted& wanted,
                             const git::LogPage& page)
{
    if (wanted.place.path.empty() || page.commits.empty() || !page.rest.empty() || wanted.is_limited())
        return;
    const git::CommitInfo& oldest = page.commits.back();
    if (auto earlier = git::renamed_from(repository, oldest, wanted.place.path))
        body.add("<p class=\"more\">renamed from <a href=\"{}\">{}</a></p>\n",
                 Url::view(visit.name(), "log", git::to_string(oldest.parents[0]), *earlier), shown_name(*earlier));
}

static void add_pages(Html& body, const Visit& visit, const Wanted& wanted, const git::LogPage& page)
{
    Url here = address_of(visit, wanted);
    if (page.commits.empty())
        body.add("<p class=\"empty\">{}</p>\n",
                 page.is_cut ? "None found so far; there is more history to search." : "No commits.");
    body.add("<nav class=\"pages\" aria-label=\"pages\">");
    if (wanted.is_continued)
        body.add("<a href=\"{}\">newest</a> ", here);
    if (!page.rest.empty())
        body.add("<a rel=\"next nofollow\" href=\"{}\">{}</a>", continued(here, page.rest),
                 page.is_cut ? "search further back" : "older");
    body.add("</nav>\n");
}

Page log_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    Wanted wanted;
    wanted.place = TRY(find_place(visit, *repository));
    wanted.all = !visit.request.parameter("all").empty() && wanted.place.path.empty();
    wanted.author = trim(visit.request.parameter("author")).substr(0, max_filter);
    wanted.words = trim(visit.request.parameter("q")).substr(0, max_filter);
    git::LogQuery query{.from = TRY(find_start(visit, *repository, wanted)),
                        .path = wanted.place.path,
                        .author = wanted.author,
                        .words = git::is_change_id(wanted.words) ? std::string() : wanted.words,
                        .change_id = git::is_change_id(wanted.words) ? wanted.words : std::string(),
                        .count = page_size,
                        .patience = short_patience(visit.request, quick_look)};
    git::LogPage page = TRY(git::read_log(*repository, query));
    if (page.is_cut) {
        CostlyPlace costly = TRY(CostlyPlace::take(visit.request));
        query.patience = costly_patience(visit.request);
        page = TRY(git::read_log(*repository, query));
    }
    Html body;
    add_heading(body, visit, wanted);
    add_form(body, visit, wanted);
    if (!page.commits.empty())
        body.append(commit_list(visit.name(), page.commits));
    add_earlier_name(body, visit, *repository, wanted, page);
    add_pages(body, visit, wanted, page);
    return render(visit,
                  {.title = "log", .tab = Tab::log, .place = &wanted.place, .view = "log", .is_whole = !page.is_cut},
                  body);
}

} // namespace quire::web
