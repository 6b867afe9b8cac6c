// "/NAME/-/log/REF/PATH": commits, a page at a time, by day or, with "?graph=1", with the lines that join them;
// "?all=1" of all refs, "?author=" and "?q=" filter them. "?after=ID" goes on after a commit. What takes long to find
// is sent as it is found.
#include "base/sha256.h"
#include "base/strings.h"
#include "git/change_id.h"
#include "git/diff.h"
#include "git/log_walk.h"
#include "history/path_index.h"
#include "web/budget/costly.h"
#include "web/code/newest.h"
#include "web/html/commit_list.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/streamed_page.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t page_size = history::most_newest_commits;
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
    std::optional<git_oid> after; ///< the last commit of the page before
    bool has_lanes = false;

    bool is_limited() const { return !author.empty() || !words.empty(); }
    /// The first page of all that a commit has behind it.
    bool is_newest() const { return !all && !is_limited() && !after && place.path.empty(); }
    /// A page of a full id is kept whatever the refs do.
    bool shows_refs() const { return all || !git::parse_oid(place.ref); }
};

} // namespace

static Url address_of(const Visit& visit, const Wanted& wanted)
{
    Url url = Url::view(visit.name(), "log", wanted.all ? std::string() : wanted.place.ref, wanted.place.path);
    if (wanted.all)
        url = url.with("all", "1");
    if (!wanted.author.empty())
        url = url.with("author", wanted.author);
    if (!wanted.words.empty())
        url = url.with("q", wanted.words);
    return wanted.has_lanes ? url.with("graph", "1") : url;
}

/// The ref's commit, or every ref's.
static Result<std::vector<git_oid>> find_tips(const git::Repository& repository, const Wanted& wanted)
{
    std::vector<git_oid> ids;
    if (wanted.all) {
        for (const git::Ref& ref : TRY(repository.refs(max_tips)))
            ids.push_back(ref.commit);
    } else {
        ids.push_back(wanted.place.commit);
    }
    return ids;
}

static Html filter_form(const Visit& visit, const Wanted& wanted)
{
    Html form;
    form.add("<form class=\"filter\" action=\"{}\"><label>words <input type=\"text\" name=\"q\" value=\"{}\"></label> "
             "<label>author <input type=\"text\" name=\"author\" value=\"{}\"></label>",
             Url::view(visit.name(), "log", wanted.all ? std::string() : wanted.place.ref, wanted.place.path),
             shown(wanted.words), shown(wanted.author));
    if (wanted.all)
        form.add("<input type=\"hidden\" name=\"all\" value=\"1\">");
    return form.add("<button type=\"submit\">filter</button></form>\n");
}

static Tools tools_of(const Visit& visit, const Wanted& wanted)
{
    Tools tools;
    tools.append(filter_form(visit, wanted));
    if (!wanted.place.path.empty())
        return tools.link("all names", Url::view(visit.name(), "trail", wanted.place.ref, wanted.place.path));
    Wanted one = wanted, all = wanted, other = wanted;
    one.all = false;
    all.all = true;
    tools.choice("refs", {{shown_ref(wanted.place), address_of(visit, one), !wanted.all},
                          {"all refs", address_of(visit, all), wanted.all}});
    other.has_lanes = !wanted.has_lanes;
    Url turned = address_of(visit, other);
    if (wanted.after)
        turned = turned.with("after", git::to_string(*wanted.after));
    if (!wanted.is_limited()) // where only some commits are shown, lines would lead nowhere
        tools.toggle("graph", turned, wanted.has_lanes);
    return tools.link("feed", Url::view(visit.name(), "atom", wanted.place.ref));
}

static Html head_of(const Visit& visit, const Wanted& wanted)
{
    std::string of = wanted.all ? "all refs" : shown_ref(wanted.place);
    if (wanted.place.path.empty())
        return page_head("log of " + of, Html(), tools_of(visit, wanted));
    return path_head(path_line(visit.name(), wanted.place), Html().text("history"), tools_of(visit, wanted));
}

/// What tells apart where logs stand: their tips, the path, and the last commit that was looked at.
static std::string key_of(const std::vector<git_oid>& tips, const Wanted& wanted, const git_oid& after)
{
    std::string text = wanted.place.path;
    text += '\0';
    for (const git_oid& tip : tips)
        text.append(reinterpret_cast<const char*>(tip.id), GIT_OID_RAWSZ);
    return sha256_hex(text) + git::to_string(after);
}

/// Has the index of paths answer for the trees, if there is one.
static void use_index(const Visit& visit, git::LogQuery& query)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto index = runs ? history::PathIndex::open(runs->get()) : Unexpected(std::move(runs).error());
    if (!index)
        return;
    auto shared = std::make_shared<const history::PathIndex>(std::move(*index));
    query.same_parent = [shared, path = shared->path(query.path)](const git_oid& commit) {
        return path.same_parent(commit);
    };
}

static git::LogQuery query_of(const Visit& visit, const Wanted& wanted, const std::vector<git_oid>& tips)
{
    bool is_change = git::is_change_id(wanted.words);
    git::LogQuery query{.from = tips,
                        .after = wanted.after,
                        .path = wanted.place.path,
                        .author = wanted.author,
                        .words = is_change ? std::string() : wanted.words,
                        .change_id = is_change ? wanted.words : std::string(),
                        .count = page_size};
    if (!query.path.empty())
        use_index(visit, query);
    return query;
}

/// What is found in a moment. If `is_cut`, there is more to be searched for, which is a costly page's work.
static Result<git::LogPage> glance(const Visit& visit, const git::Repository& repository, const Wanted& wanted,
                                   const std::vector<git_oid>& tips)
{
    if (auto kept = wanted.is_newest() ? kept_newest(visit, wanted.place.commit) : std::nullopt)
        return kept->page();
    git::LogQuery query = query_of(visit, wanted, tips);
    query.patience = short_patience(visit.request, quick_look);
    if (auto known = wanted.after ? visit.site.caches().log_ends.find(key_of(tips, wanted, *wanted.after)) : nullptr) {
        query.from = *known;
        query.after.reset();
    }
    return git::read_log(repository, query);
}

static Result<void> check_begun(const git::LogPage& page)
{
    if (!page.has_begun && page.is_cut)
        return fail(ErrorKind::busy, "the commit to go on after was not reached in time");
    if (!page.has_begun)
        return fail(ErrorKind::not_found, "The commit after which to go on is not in this history any more.");
    return {};
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
    if (wanted.after)
        body.add("<a href=\"{}\">newest</a> ", here);
    if (!page.rest.empty())
        body.add("<a rel=\"next nofollow\" href=\"{}\">{}</a>", here.with("after", git::to_string(page.end)),
                 page.is_cut ? "search further back" : "older");
    body.add("</nav>\n");
}

static std::string title_of(const Wanted& wanted)
{
    if (!wanted.place.path.empty())
        return "history of " + shown_name(wanted.place.path);
    return "log of " + (wanted.all ? "all refs" : shown_ref(wanted.place));
}

static Frame frame_of(const Wanted& wanted)
{
    return {.title = title_of(wanted), .tab = Tab::log, .place = &wanted.place, .view = "log"};
}

/// What follows the commits.
static void add_end(Html& body, const Visit& visit, const git::Repository& repository, const Wanted& wanted,
                    const std::vector<git_oid>& tips, const git::LogPage& page)
{
    if (!page.rest.empty())
        visit.site.caches().log_ends.keep(key_of(tips, wanted, page.end),
                                          {page.rest, page.rest.size() * sizeof(git_oid)});
    add_earlier_name(body, visit, repository, wanted, page);
    add_pages(body, visit, wanted, page);
}

/// Goes on from what the glance found; each commit is sent when it is found.
static Result<bool> write_log(const Visit& visit, PageWriter& out, const Wanted& wanted,
                              const std::vector<git_oid>& tips, git::LogPage begun, DayList list)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    RowRefs refs = wanted.shows_refs() ? refs_of_rows(*repository) : RowRefs();
    git::LogQuery query = query_of(visit, wanted, tips);
    query.from = begun.rest;
    query.after.reset();
    query.count = page_size - begun.commits.size();
    query.patience = costly_patience(visit.request);
    query.take = [&](const git::CommitInfo& commit) { out.add(list.rows(visit, {commit}, refs)); };
    git::LogPage page = TRY(git::read_log(*repository, query));
    page.commits.insert(page.commits.begin(), begun.commits.begin(), begun.commits.end());
    Html end = list.end();
    add_end(end, visit, *repository, wanted, tips, page);
    out.add(end);
    return !page.is_cut;
}

/// `costly` is held until the page is whole.
static http::Response stream_log(const Visit& visit, const git::Repository& repository, const Wanted& wanted,
                                 const std::vector<git_oid>& tips, git::LogPage begun,
                                 const std::shared_ptr<CostlyPlace>& costly)
{
    Html body = head_of(visit, wanted);
    DayList list;
    body.append(
        list.rows(visit, begun.commits, wanted.shows_refs() ? refs_of_rows(repository, begun.commits) : RowRefs()));
    return stream_page(visit, frame_of(wanted), body,
                       [wanted, tips, list, costly, begun = std::move(begun)](const Visit& later, PageWriter& out) {
                           return write_log(later, out, wanted, tips, begun, list);
                       });
}

Page log_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    if (auto empty = nothing_pushed(visit, *repository, Tab::log, "log"))
        return std::move(*empty);
    Wanted wanted;
    wanted.place = TRY(find_place(visit, *repository));
    wanted.all = !visit.request.parameter("all").empty() && wanted.place.path.empty();
    wanted.author = trim(visit.request.parameter("author")).substr(0, max_filter);
    wanted.words = trim(visit.request.parameter("q")).substr(0, max_filter);
    wanted.has_lanes = !visit.request.parameter("graph").empty() && wanted.place.path.empty() && !wanted.is_limited();
    std::string_view after = visit.request.parameter("after");
    wanted.after = git::parse_oid(after);
    if (!after.empty() && !wanted.after)
        return fail(ErrorKind::not_found, "'{}' is no full id of a commit to go on after.", shown_name(after));
    std::vector<git_oid> tips = TRY(find_tips(*repository, wanted));
    git::LogPage page = TRY(glance(visit, *repository, wanted, tips));
    std::shared_ptr<CostlyPlace> costly;
    if (page.is_cut)
        costly = std::make_shared<CostlyPlace>(TRY(CostlyPlace::take(visit.request)));
    if (page.is_cut && page.has_begun && !wanted.has_lanes)
        return stream_log(visit, *repository, wanted, tips, std::move(page), costly);
    if (page.is_cut) {
        git::LogQuery query = query_of(visit, wanted, tips);
        query.patience = costly_patience(visit.request);
        page = TRY(git::read_log(*repository, query));
    }
    TRY(check_begun(page));
    Html body;
    body.append(head_of(visit, wanted));
    if (!page.commits.empty())
        body.append(commit_list(visit, page.commits, wanted.has_lanes ? Rows::with_lanes : rows_of_log(page.commits),
                                wanted.shows_refs() ? refs_of_rows(*repository, page.commits) : RowRefs()));
    add_end(body, visit, *repository, wanted, tips, page);
    Frame frame = frame_of(wanted);
    frame.is_whole = !page.is_cut;
    return render(visit, frame, body);
}

} // namespace quire::web
