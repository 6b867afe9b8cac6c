// "/NAME/-/range-diff/OLD..NEW": what became of each commit when one series took the place of another, as a forced push
// does. Both are full ids: names move.
#include "web/code/range_diff.h"

#include <algorithm>

#include "base/strings.h"
#include "git/reachability.h"
#include "sys/output.h"
#include "web/budget/costly.h"
#include "web/budget/git_command.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/versions.h"
#include "web/pages/pages.h"

namespace quire::web {

/// Every commit of one series may be compared with every one of the other.
constexpr size_t max_series = 200;
constexpr size_t max_output = 2u << 20;
constexpr size_t max_steps = 5'000'000;

/// What git prints, or as much of it as there was time and room for.
struct Printed {
    std::string text;
    bool is_cut = false, is_late = false;
};

static Result<Printed> run_range_diff(const Visit& visit, const git_oid& base, const git_oid& from, const git_oid& to)
{
    Printed printed;
    // Not two ranges: git takes one without commits for none at all.
    auto command = git_command(*visit.repository, {"-c", "core.abbrev=40", "range-diff", "--no-color",
                                                   git::to_string(base), git::to_string(from), git::to_string(to)});
    sys::Outcome outcome = TRY(sys::read_output(command, costly_patience(visit.request), [&](std::string_view block) {
        return printed.text.append(block).size() <= max_output;
    }));
    printed.is_cut = outcome.ended == sys::Ended::by_taker;
    printed.is_late = outcome.ended == sys::Ended::by_time;
    if (outcome.ended == sys::Ended::by_itself && outcome.status != 0)
        return fail(ErrorKind::system, "git range-diff ended with {}", outcome.status);
    return printed;
}

/// Whether a change is on both sides, so that it can be followed by its id where git finds its diffs too different.
static bool share_a_change(const std::vector<git::CommitInfo>& gone, const std::vector<git::CommitInfo>& come)
{
    return std::any_of(gone.begin(), gone.end(), [&](const git::CommitInfo& old) {
        return !old.change_id.empty() && std::any_of(come.begin(), come.end(), [&](const git::CommitInfo& commit) {
            return commit.change_id == old.change_id;
        });
    });
}

Page range_diff_page(const Visit& visit)
{
    std::string range = join(visit.rest, "/");
    auto repository = TRY(visit.site.open(*visit.repository));
    auto [from, to] = TRY(find_versions(*repository, range));
    Patience patience = costly_patience(visit.request);
    auto gone = TRY(git::find_parting(*repository, to, from, max_series + 1, max_steps, patience));
    auto come = TRY(git::find_parting(*repository, from, to, max_series + 1, max_steps, patience));
    Html body;
    Tools tools;
    std::string both = git::to_string(from) + ".." + git::to_string(to);
    if (share_a_change(gone.commits, come.commits))
        tools.deep_link("by change id", Url::view(visit.name(), "interdiff", both).with("series", "1"));
    tools.deep_link("all differences", Url::view(visit.name(), "compare", both))
        .link("pushes", Url::view(visit.name(), "pushes"));
    body.append(page_head("what became of each commit", versions_note(visit, from, to), tools));
    bool is_whole = true;
    if (!come.ancestor || gone.commits.size() > max_series || come.commits.size() > max_series) {
        body.add("<p class=\"empty\">{}</p>\n", come.ancestor
                                                    ? "More than 200 commits on one side: too many to compare each."
                                                    : "The two have no commit in common.");
    } else if (gone.commits.empty() && come.commits.empty()) {
        body.add("<p class=\"empty\">They are the same.</p>\n");
    } else {
        Printed printed = TRY(run_range_diff(visit, *come.ancestor, from, to));
        is_whole = !printed.is_late;
        if (printed.is_late || printed.is_cut)
            body.add("<p class=\"notice\">{}</p>\n",
                     printed.is_late ? "Time ran out before all were compared." : "There is more than is shown here.");
        body.append(render_range_diff(visit.name(), parse_range_diff(printed.text)));
    }
    return render(visit, {.title = "what became of each commit", .tab = Tab::refs, .is_whole = is_whole}, body);
}

} // namespace quire::web
