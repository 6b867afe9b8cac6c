#include "web/pages/routes.h"

#include <optional>

#include "base/log.h"
#include "base/strings.h"
#include "sys/thread.h"
#include "web/budget/costly.h"
#include "web/html/layout.h"
#include "web/pages/pages.h"

namespace quire::web {

using http::Lane;

using On = DependsOn;
/// What every page of a repository depends on, and what those do that show refs.
constexpr On configs = On::settings | On::config, of_refs = configs | On::refs, of_named_ref = configs | On::named_ref;

static constexpr Route site_table[] = {
    {"", Access::everyone, Rest::none, list_page, On::settings | On::repositories},
    {"healthz", Access::everyone, Rest::none, health_page, On::nothing},
    {"robots.txt", Access::everyone, Rest::none, robots_page, On::nothing},
    {"metrics", Access::operators, Rest::none, metrics_page},
    {"favicon.ico", Access::everyone, Rest::none, icon_page, On::nothing},
    {"static", Access::everyone, Rest::any, asset_page, On::nothing},
    {"runs", Access::authenticated, Rest::any, all_runs_page},
    {"-/search", Access::everyone, Rest::none, search_all_page, On::more, Cost::high, Lane::costly},
    {"-", Access::everyone, Rest::any, login_page},
};

static constexpr Route repository_table[] = {
    {"", Access::repository, Rest::none, home_page, of_refs | On::mirrors | On::runs},
    {"tree", Access::repository, Rest::any, tree_page, of_named_ref | On::runs},
    {"file", Access::repository, Rest::any, file_page, of_named_ref},
    {"raw", Access::repository, Rest::any, raw_page, of_named_ref},
    {"log", Access::repository, Rest::any, log_page, of_named_ref | On::runs},
    {"commit", Access::repository, Rest::any, commit_page, of_refs | On::notes | On::runs},
    {"refs", Access::repository, Rest::none, refs_page, of_refs | On::runs},
    {"pushes", Access::repository, Rest::none, pushes_page, configs | On::push_log},
    {"range-diff", Access::repository, Rest::any, range_diff_page, of_refs, Cost::high, Lane::costly},
    {"change", Access::repository, Rest::any, change_page, On::more, Cost::high, Lane::costly},
    {"interdiff", Access::repository, Rest::any, interdiff_page, of_refs, Cost::high, Lane::costly},
    {"compare", Access::repository, Rest::any, compare_page, of_refs | On::runs, Cost::high, Lane::costly},
    {"blame", Access::repository, Rest::any, blame_page, of_named_ref | On::runs, Cost::high, Lane::costly},
    {"follow", Access::repository, Rest::any, follow_page, of_named_ref, Cost::high, Lane::costly},
    {"trail", Access::repository, Rest::any, trail_page, of_refs, Cost::high, Lane::costly},
    {"search", Access::repository, Rest::any, search_page, of_named_ref, Cost::high, Lane::costly},
    {"symbol", Access::repository, Rest::any, symbol_page, of_named_ref, Cost::high, Lane::costly},
    {"archive", Access::repository, Rest::any, archive_page, On::more, Cost::low, Lane::transfer},
    {"atom", Access::repository, Rest::any, atom_page, of_refs, Cost::low, Lane::transfer},
    {"paths", Access::repository, Rest::any, paths_page, On::more, Cost::high, Lane::costly},
    {"runs", Access::runs, Rest::any, runs_page},
    {"badge.svg", Access::runs, Rest::none, badge_page},
};

/// What git asks for when it clones.
static constexpr Route git_table[] = {
    {"info/refs", Access::repository, Rest::none, git_refs_page, On::more, Cost::low, Lane::transfer},
    {"git-upload-pack", Access::repository, Rest::none, git_upload_page, On::more, Cost::low, Lane::transfer},
    {"git-receive-pack", Access::repository, Rest::none, git_receive_page},
};

std::span<const Route> site_routes() { return site_table; }
std::span<const Route> repository_routes() { return repository_table; }

namespace {

/// Where in the path a repository's name ends, and what is asked of it.
struct Address {
    std::string name;
    std::string_view view;
    std::vector<std::string> rest;
};

} // namespace

/// These stand without a "-".
static bool is_bare_view(std::string_view view) { return view == "runs" || view == "badge.svg"; }

/// "foo", "work/bar", "foo/-/tree/…", "work/bar/runs/…". A name has one or two components, none of them "-"; a bare
/// view can't be the second one (see RepoName).
static std::optional<Address> parse_address(const std::vector<std::string>& path)
{
    size_t end = 1;
    if (path.size() > 1 && path[1] != "-" && !is_bare_view(path[1]))
        end = 2;
    Address address{end == 2 ? path[0] + "/" + path[1] : path[0], "", {}};
    if (address.name.ends_with(".git"))
        return std::nullopt; // one address for one page
    if (path.size() == end)
        return address;
    size_t view = path[end] == "-" ? end + 1 : end;
    bool named = view < path.size() && (path[end] == "-") != is_bare_view(path[view]);
    if (!named)
        return std::nullopt;
    address.view = path[view];
    address.rest.assign(path.begin() + static_cast<ptrdiff_t>(view) + 1, path.end());
    return address;
}

/// "foo/info/refs", "work/bar.git/git-upload-pack" and so on. Only a POST's last component is a service: to a browser
/// it may be the name of a repository in a group.
static std::optional<Address> parse_git_address(const http::Request& request)
{
    std::vector<std::string> path = request.target.path;
    Address address;
    if (request.method != http::Method::post) {
        if (path.size() < 3 || path.back() != "refs" || path[path.size() - 2] != "info")
            return std::nullopt;
        address.view = "info/refs";
        path.resize(path.size() - 2);
    } else {
        if (path.size() < 2)
            return std::nullopt;
        address.view = request.target.path.back();
        path.pop_back();
    }
    if (path.size() > 2)
        return std::nullopt;
    std::string name = join(path, "/");
    std::string_view without = name;
    strip_suffix(without, ".git");
    address.name = without;
    return address;
}

/// The view of an address that belongs to no repository, and what stands after it. "-" has a view of its own behind it.
static std::pair<std::string_view, bool> parse_site_address(const std::vector<std::string>& path)
{
    bool is_search = path.size() > 1 && path[0] == "-" && path[1] == "search";
    size_t size = is_search ? 2 : 1;
    return {path.empty() ? ""
            : is_search  ? std::string_view("-/search")
                         : std::string_view(path[0]),
            path.size() > size};
}

static const Route* find_route(std::span<const Route> routes, std::string_view view, bool has_rest)
{
    for (const Route& route : routes)
        if (route.view == view && (!has_rest || route.rest == Rest::any))
            return &route;
    return nullptr;
}

/// The route that an address leads to, whoever asks; null: none.
static const Route* route_of(const http::Request& request)
{
    const std::vector<std::string>& path = request.target.path;
    auto [view, has_rest] = parse_site_address(path);
    if (request.method != http::Method::post)
        if (const Route* route = find_route(site_routes(), view, has_rest))
            return route;
    if (auto address = parse_git_address(request))
        return find_route(git_table, address->view, false);
    auto address = request.method == http::Method::post ? std::nullopt : parse_address(path);
    return address ? find_route(repository_routes(), address->view, !address->rest.empty()) : nullptr;
}

std::vector<std::string> kinds_of_pages()
{
    std::vector<std::string> kinds;
    for (const Route& route : site_table)
        kinds.emplace_back(route.view.empty()         ? "list"
                           : route.view == "-"        ? "login"
                           : route.view == "-/search" ? "search-all"
                           : route.view == "runs"     ? "all-runs"
                                                      : route.view);
    for (const Route& route : repository_table)
        kinds.emplace_back(route.view.empty() ? "home" : route.view);
    for (const Route& route : git_table)
        kinds.emplace_back(route.view);
    return kinds;
}

/// An index of these, or their number.
static size_t kind_of_page(const http::Request& request)
{
    const Route* route = route_of(request);
    size_t before = 0;
    for (std::span<const Route> table : {site_routes(), repository_routes(), std::span<const Route>(git_table)}) {
        if (route >= table.data() && route < table.data() + table.size())
            return before + static_cast<size_t>(route - table.data());
        before += table.size();
    }
    return before;
}

http::Admission admit(Site& site, const http::Request& request)
{
    if (request.is_authenticated())
        return {Lane::reader, 0};
    const Route* route = route_of(request);
    return {route ? route->lane : Lane::page, site.ledger().debt_of(request.address)};
}

void account(Site& site, const http::Request& request, const http::Response& response, std::optional<int64_t> cost)
{
    constexpr int too_many = 429, failed = 500, busy = 503;
    auto answer = !cost                                                    ? Ledger::Answer::kept
                  : response.status == too_many || response.status == busy ? Ledger::Answer::refused
                  : response.status >= failed                              ? Ledger::Answer::failed
                                                                           : Ledger::Answer::made;
    site.ledger().enter({.kind = kind_of_page(request),
                         .is_anonymous = !request.is_authenticated(),
                         .address = request.address,
                         .answer = answer,
                         .cost = cost.value_or(0)});
}

/// What a page could not do: what is not there is a 404, anything else our own fault and a line in the log.
static http::Response make_page(const Route& route, const Visit& visit)
{
    auto response = route.page(visit);
    if (response)
        return std::move(*response);
    const Error& error = response.error();
    // What a system call failed on is a path of this machine, and nobody's business.
    bool is_for_readers = error.code == 0;
    bool is_missing =
        error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid || error.kind == ErrorKind::refused;
    if (is_missing && is_for_readers)
        return missing(visit, error.message);
    if (error.kind == ErrorKind::busy || error.code == EMFILE || error.code == ENFILE)
        return busy_page(visit.request);
    log("{}: {}", visit.request.raw_target, error.message);
    return apology(visit.request, 500, "something went wrong",
                   "The page could not be made. The reason is in the server’s log.");
}

static http::Response make_page_within_bounds(const Route& route, const Visit& visit)
{
    if (route.cost == Cost::low)
        return make_page(route, visit);
    auto place = CostlyPlace::take(visit.request, route.cost);
    if (!place)
        return busy_page(visit.request);
    http::Response response = make_page(route, visit);
    if (response.stream || response.rest)
        response.held = std::make_shared<CostlyPlace>(std::move(*place)); // the cost is in the sending
    return response;
}

/// A page of a full object id, and not of all refs, is the same whatever is pushed.
static bool is_of_objects(const Route& route, const Visit& visit)
{
    return has(route.depends_on, On::named_ref) && !visit.rest.empty() && git::parse_oid(visit.rest[0]) &&
           visit.request.parameter("all").empty();
}

/// Of these there is one for every commit and file: no searcher should go there.
static bool is_without_end(const Route& route, const Visit& visit)
{
    return route.cost == Cost::high || is_of_objects(route, visit);
}

/// How that stands which the page depends on, but for runs; nullopt while that can't be told.
static std::optional<std::string> state_of(const Route& route, const Visit& visit)
{
    DependsOn what = is_of_objects(route, visit) ? without(route.depends_on, On::named_ref) : route.depends_on;
    return visit.site.states().of(what, visit.repository ? visit.repository->directory.get() : -1);
}

namespace {

enum class Effort { kept_only, whatever_it_takes };

} // namespace

static std::string key_of(const http::Request& request)
{
    return (request.is_authenticated() ? "u" : "a") + request.raw_target;
}

static std::string print_runs(const std::string& state) { return " runs " + state; }

/// How the runs stand that the page shows; nullopt: a worker has to find that out.
static std::optional<std::string> state_of_runs(const Visit& visit, const std::string& key, Effort effort)
{
    PageCache& cache = visit.site.page_cache();
    auto shown = visit.run_marks ? cache.shown_runs(key) : nullptr;
    if (!shown)
        return std::string();
    bool may_read = effort == Effort::whatever_it_takes;
    auto known = visit.site.known_runs(*visit.repository,
                                       may_read ? CommitRuns::Reading::as_needed : CommitRuns::Reading::known_only);
    if (!known)
        return std::nullopt;
    if (known->version() != shown->version)
        shown = cache.keep_shown_runs(key, known->shown(shown->commits));
    return print_runs(shown->state);
}

/// Keeps a page that was made of this state. One that shows runs is kept by how they stood when it asked.
static void keep_page(const Visit& visit, const std::string& key, std::string state, const http::Response& page,
                      int64_t cost)
{
    PageCache& cache = visit.site.page_cache();
    if (visit.run_marks && visit.run_marks->is_asked()) {
        auto shown = visit.run_marks->shown();
        if (!shown)
            return;
        state += print_runs(shown->state);
        cache.keep_shown_runs(key, std::move(*shown));
    }
    cache.keep(key, state, page, {!visit.request.is_authenticated(), cost});
}

static void add_robots_tag(http::Response& page) { page.headers.emplace_back("X-Robots-Tag", "noindex, nofollow"); }

/// The page as it was sent before, if nothing has changed since.
static std::optional<http::Response> find_page(const Visit& visit, const std::string& key, const std::string& state,
                                               Effort effort)
{
    PageCache& cache = visit.site.page_cache();
    auto runs = state_of_runs(visit, key, effort);
    if (!runs)
        return std::nullopt;
    auto page = cache.find(key, state + *runs);
    bool is_in_form = page && !(visit.request.accepts_gzip && http::wants_compression(*page));
    if (is_in_form || effort == Effort::kept_only)
        return is_in_form ? page : std::nullopt;
    if (!page)
        return cache.find_stored(key, state + *runs, visit.request.accepts_gzip);
    // Who asked first did not want it compressed.
    http::compress_body(*page);
    cache.keep(key, state + *runs, *page, {.is_anonymous = !visit.request.is_authenticated(), .cost = 0});
    return page;
}

/// Finds the page, or makes it, one thread at a time. The state is read before the page is made: what
/// changes meanwhile makes the next reader's state another one.
static std::optional<http::Response> find_or_make_page(const Route& route, const Visit& visit, Effort effort)
{
    if (route.depends_on == On::nothing)
        return make_page(route, visit);
    auto state = state_of(route, visit);
    std::string key = key_of(visit.request);
    auto found = state ? find_page(visit, key, *state, effort) : std::nullopt;
    if (found || effort == Effort::kept_only)
        return found;
    auto turn = state ? visit.site.page_cache().turns().take(key, costly_patience(visit.request)) : std::nullopt;
    if (state && !turn) // somebody else has made it meanwhile
        if (auto page = find_page(visit, key, *state, effort))
            return page;
    int64_t before = sys::thread_cost();
    bool is_endless = is_without_end(route, visit);
    Visit made = visit;
    if (state)
        made.keep = [key, state = *state, is_endless](const Visit& whole, http::Response page, int64_t cost) {
            if (is_endless)
                add_robots_tag(page);
            if (whole.request.accepts_gzip)
                http::compress_body(page);
            keep_page(whole, key, state, page, cost);
        };
    http::Response page = make_page_within_bounds(route, made);
    if (is_endless)
        add_robots_tag(page);
    if (visit.request.accepts_gzip)
        http::compress_body(page);
    if (state)
        keep_page(visit, key, *state, page, sys::thread_cost() - before);
    return page;
}

static std::optional<http::Response> dispatch_site(Site& site, const http::Request& request, Effort effort)
{
    const std::vector<std::string>& path = request.target.path;
    auto [view, has_rest] = parse_site_address(path);
    const Route* route = find_route(site_routes(), view, has_rest);
    if (!route)
        return std::nullopt;
    bool may_enter = request.is_authenticated() || route->access == Access::everyone ||
                     (route->access == Access::operators && request.is_operators_program);
    if (!may_enter)
        return effort == Effort::kept_only ? std::nullopt : std::optional(not_found(request));
    Visit visit{site, request};
    if (!path.empty())
        visit.rest.assign(path.begin() + 1, path.end());
    return find_or_make_page(*route, visit, effort);
}

static std::optional<http::Response> dispatch_repository(Site& site, const http::Request& request, Effort effort)
{
    bool is_git = true;
    auto address = parse_git_address(request);
    if (!address && request.method != http::Method::post) {
        is_git = false;
        address = parse_address(request.target.path);
    }
    if (!address)
        return std::nullopt;
    auto name = store::RepoName::parse(address->name);
    if (!name)
        return std::nullopt;
    bool may_read = effort == Effort::whatever_it_takes;
    auto found = site.find(*name, request, may_read ? Site::Reading::as_needed : Site::Reading::known_only);
    if (!found && may_read) {
        log_line(found.error().message);
        return busy_page(request);
    }
    if (!found || !*found)
        return std::nullopt;
    auto repository = std::make_shared<const Repository>(std::move(**found));
    const Route* route = find_route(is_git ? git_table : repository_routes(), address->view, !address->rest.empty());
    if (!route || (route->access == Access::runs && !repository->shows_runs))
        return std::nullopt;
    RunMarks marks(site, *repository);
    bool may_show_runs = repository->shows_runs && has(route->depends_on, On::runs | On::more);
    Visit visit{site, request, repository, std::move(address->rest), may_show_runs ? &marks : nullptr};
    return find_or_make_page(*route, visit, effort);
}

static std::optional<http::Response> dispatch(Site& site, const http::Request& request, Effort effort)
{
    if (request.method != http::Method::post)
        if (auto response = dispatch_site(site, request, effort))
            return response;
    return request.target.path.empty() ? std::nullopt : dispatch_repository(site, request, effort);
}

http::Response dispatch(Site& site, const http::Request& request)
{
    auto response = dispatch(site, request, Effort::whatever_it_takes);
    return response ? std::move(*response) : not_found(request);
}

std::optional<http::Response> dispatch_kept(Site& site, const http::Request& request)
{
    if (request.method == http::Method::post)
        return std::nullopt;
    const std::vector<std::string>& path = request.target.path;
    const Route* route = path.empty() ? nullptr : find_route(site_routes(), path[0], path.size() > 1);
    bool is_always_kept = route && route->depends_on == On::nothing;
    if (!is_always_kept && !site.page_cache().has(key_of(request)))
        return std::nullopt;
    return dispatch(site, request, Effort::kept_only);
}

} // namespace quire::web
