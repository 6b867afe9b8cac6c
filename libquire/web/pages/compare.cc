// "/NAME/-/compare/A..B" and "A...B": what B has that A has not; with three dots since the two parted.
#include "base/strings.h"
#include "git/reachability.h"
#include "web/code/diff_view.h"
#include "web/html/commit_list.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_commits = 200;
/// Commits that may be looked at to find where two have parted.
constexpr size_t max_steps = 5'000'000;

static Result<git_oid> commit_of(const git::Repository& repository, std::string_view ref)
{
    std::vector<std::string> parts;
    for (std::string_view part : split(ref, '/'))
        parts.emplace_back(part);
    auto place = ref.empty() ? repository.resolve({}) : repository.resolve(parts);
    if (!place || !place->path.empty())
        return fail(ErrorKind::not_found, "No branch, tag or commit is called '{}'.", shown_name(ref));
    return place->commit;
}

static Html compare_form(const store::RepoName& name, std::string_view from, std::string_view to)
{
    Html html;
    return html.add("<form class=\"filter\" action=\"{}\"><label>from <input type=\"text\" name=\"from\" "
                    "value=\"{}\"></label> <label>to <input type=\"text\" name=\"to\" value=\"{}\"></label>"
                    "<button type=\"submit\">compare</button></form>\n",
                    Url::view(name, "compare"), shown_name(from), shown_name(to));
}

/// Without two to compare: what the form asks for, or the form.
static Page ask(const Visit& visit)
{
    std::string_view from = trim(visit.request.parameter("from")), to = trim(visit.request.parameter("to"));
    if (!from.empty() && !to.empty())
        return http::redirect(Url::view(visit.name(), "compare", fmt::format("{}...{}", from, to)).str());
    Html body;
    body.append(page_head("compare", Html(), Tools()))
        .append(compare_form(visit.name(), from, to))
        .add("<p class=\"empty\">Shows what the second has that the first has not. Each is a branch, tag or "
             "commit.</p>\n");
    return render(visit, {.title = "compare", .tab = Tab::refs}, body);
}

Page compare_page(const Visit& visit)
{
    if (visit.rest.empty())
        return ask(visit);
    std::string range = join(visit.rest, "/");
    size_t dots = range.find("..");
    if (dots == std::string::npos)
        return fail(ErrorKind::not_found,
                    "Name the two to compare: main..topic, or main...topic for what has changed since they diverged.");
    bool since_parting = range.compare(dots, 3, "...") == 0;
    std::string left = range.substr(0, dots), right = range.substr(dots + (since_parting ? 3 : 2));
    auto repository = TRY(visit.site.open(*visit.repository));
    git_oid from = TRY(commit_of(*repository, left));
    git_oid to = TRY(commit_of(*repository, right));
    git::Parting parting =
        TRY(git::find_parting(*repository, from, to, max_commits, max_steps, costly_patience(visit.request)));
    git_oid old = since_parting ? parting.ancestor.value_or(from) : from;
    DiffChoice choice = DiffChoice::of(visit.request);
    git::Diff diff = TRY(find_diff(visit, *repository, TRY(repository->commit(old)).tree,
                                   TRY(repository->commit(to)).tree, choice, Cost::high));
    std::string title = fmt::format("compare {}{}{}", shown_ref(left), since_parting ? "..." : "..", shown_ref(right));
    Html body;
    Tools tools;
    tools
        .choice(
            "what is compared",
            {{"changes since they diverged", Url::view(visit.name(), "compare", left + "..." + right), since_parting},
             {"all differences", Url::view(visit.name(), "compare", left + ".." + right), !since_parting}})
        .deep_link("swap the two", Url::view(visit.name(), "compare", right + (since_parting ? "..." : "..") + left));
    body.append(page_head(title, Html(), tools));
    body.append(compare_form(visit.name(), left, right));
    if (parting.commits.empty())
        body.add("<p class=\"empty\">Every commit of the second is in the first, too.</p>\n");
    else
        body.add("<h2>commits</h2>\n{}", commit_list(visit, parting.commits));
    body.append(render_diff({visit, *repository, old, to, Url::view(visit.name(), "compare", range)}, diff, choice));
    return render(visit, {.title = title, .tab = Tab::refs, .is_whole = !diff.is_late}, body);
}

} // namespace quire::web
