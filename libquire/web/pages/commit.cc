// "/NAME/-/commit/ID": one commit and what it changed; with ".patch" or ".diff" behind the id, for a program. The name
// of a branch or tag in place of the id leads to the commit that it names now.
#include <algorithm>

#include "base/strings.h"
#include "git/reachability.h"
#include "history/tree_view.h"
#include "store/run_directory.h"
#include "web/budget/costly.h"
#include "web/budget/git_stream.h"
#include "web/code/diff_view.h"
#include "web/code/message.h"
#include "web/html/change_ids.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/rewritten.h"
#include "web/pages/pages.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t max_refs = 2000;
constexpr size_t max_holders = 12;
/// What is looked through without being asked for; about as many commits as take five milliseconds.
constexpr size_t first_glance = 20'000;
constexpr size_t long_look = 5'000'000;
/// What a patch may be made of, and how long it may get.
constexpr size_t max_patched = 20'000;
constexpr uint64_t max_patch = 1u << 30;
constexpr size_t max_parents = 40;
constexpr size_t max_runs = 20;

static void add_person(Html& html, const char* role, const git::Person& person)
{
    html.add("<div><dt>{}</dt><dd>{} &lt;{}&gt; {}</dd></div>\n", role, shown_name(person.name),
             shown_name(person.email), date_and_time(person.when));
}

namespace {

/// The refs that hold a commit, as a row of the facts.
struct Holders {
    Html row;
    bool is_left_behind = false; ///< none does
    bool is_late = false;        ///< time was up before that was known
};

} // namespace

/// Looks a little way; further only for who asks.
static Result<Holders> find_holders(const Visit& visit, const git::Repository& repository,
                                    const git::CommitInfo& commit)
{
    Holders result;
    Html& html = result.row;
    bool is_asked_for = !visit.request.parameter("refs").empty();
    std::optional<CostlyPlace> costly;
    if (is_asked_for)
        costly.emplace(TRY(CostlyPlace::take(visit.request)));
    std::vector<git::Ref> refs = TRY(repository.refs(max_refs));
    std::vector<git_oid> tips;
    for (const git::Ref& ref : refs)
        tips.push_back(ref.commit);
    Patience patience = costly_patience(visit.request);
    auto held = git::tips_that_hold(repository, commit.id, tips, is_asked_for ? long_look : first_glance, patience);
    result.is_late = !held && patience.is_over();
    if (!held && is_asked_for) {
        html.add("<div><dt>in</dt><dd>more history than can be searched</dd></div>\n");
        return result;
    }
    if (!held) {
        html.add("<div><dt>in</dt><dd class=\"fill\"><a href=\"{}\" data-part=\"dl.facts\">which branches and "
                 "tags</a></dd></div>\n",
                 Url::view(visit.name(), "commit", git::to_string(commit.id)).with("refs", "1"));
        return result;
    }
    Html list;
    size_t count = 0;
    result.is_left_behind = std::find(held->begin(), held->end(), true) == held->end();
    for (size_t i = 0; i < refs.size(); ++i) {
        std::string_view ref = refs[i].short_name();
        if ((*held)[i] && !is_short_lived(ref) && ++count <= max_holders)
            list.add("<a href=\"{}\">{}</a> ", Url::view(visit.name(), "log", ref), shown_name(ref));
    }
    if (count > max_holders)
        list.add("and {} more", count - max_holders);
    html.add("<div><dt>in</dt><dd>{}</dd></div>\n", count == 0 ? Html().text("no branch or tag") : list);
    return result;
}

static Html facts(const Visit& visit, const git::CommitInfo& commit, const Holders& holders)
{
    const store::RepoName& name = visit.name();
    std::string id = git::to_string(commit.id);
    Html html;
    html.add("<dl class=\"facts\">\n");
    if (!commit.change_id.empty())
        html.add("<div><dt>change</dt><dd>{}</dd></div>\n",
                 ChangeIds(visit).link(commit.change_id, ChangeIds::Length::whole));
    html.add("<div><dt>commit</dt><dd><code>{}</code></dd></div>\n", id);
    add_person(html, "author", commit.author);
    if (commit.committer.name != commit.author.name || commit.committer.email != commit.author.email)
        add_person(html, "committer", commit.committer);
    for (size_t i = 0; i < commit.parents.size() && i < max_parents; ++i) {
        std::string parent = git::to_string(commit.parents[i]);
        html.add("<div><dt>parent</dt><dd><a href=\"{}\" title=\"{}\"><code>{}</code></a></dd></div>\n",
                 Url::view(name, "commit", parent), parent, short_id(commit.parents[i]));
    }
    if (commit.parents.size() > max_parents)
        html.add("<div><dt>parents</dt><dd>{} more</dd></div>\n", grouped(commit.parents.size() - max_parents));
    html.append(holders.row);
    return html.add("</dl>\n");
}

/// Where it or its parent records a conflict: between what their conflicts merge to.
static Result<git::Diff> diff_of_conflict(const Visit& visit, const git::Repository& repository,
                                          const git::CommitInfo& commit, const DiffChoice& choice)
{
    CostlyPlace place = TRY(CostlyPlace::take(visit.request));
    git::DiffOptions options = choice.options();
    options.names.patience = costly_patience(visit.request);
    history::TreeView before = TRY(history::TreeView::before(repository, commit, options.names));
    history::TreeView after = history::TreeView::of(repository, commit, options.names);
    git::TreeEnd end;
    git::Diff diff = history::diff_changes(repository, before.changes(after, options.names, end), options);
    diff.has_more_files |= end.is_cut;
    diff.is_late |= end.is_late;
    return diff;
}

/// What the commit did to its first parent.
static Result<git::Diff> diff_with_parent(const Visit& visit, const git::Repository& repository,
                                          const git::CommitInfo& commit, const DiffChoice& choice)
{
    std::optional<git_oid> parent_tree;
    bool is_in_conflict = !commit.conflict.empty();
    if (!commit.parents.empty()) {
        git::CommitInfo parent = TRY(repository.commit(commit.parents[0]));
        is_in_conflict |= !parent.conflict.empty();
        parent_tree = parent.tree;
    }
    if (is_in_conflict)
        return diff_of_conflict(visit, repository, commit, choice);
    return find_diff(visit, repository, parent_tree, commit.tree, choice);
}

static void add_conflict(Html& body, const Visit& visit, const git::Repository& repository,
                         const git::CommitInfo& commit)
{
    if (commit.conflict.empty())
        return;
    auto paths = history::TreeView::of(repository, commit, {.patience = costly_patience(visit.request)}).conflicts();
    body.add("<p class=\"notice\">This commit has a conflict in {} {}, to be resolved in a later one. All sides are "
             "shown between marks.</p>\n",
             grouped(paths.size()), paths.size() == 1 ? "file" : "files");
}

/// Git holds what it is about to print in memory, and stops at nothing.
static Result<void> check_size(const Visit& visit, const git::Repository& repository, const git_oid& id)
{
    git::CommitInfo commit = TRY(repository.commit(id));
    std::optional<git_oid> parent_tree;
    if (!commit.parents.empty())
        parent_tree = TRY(repository.commit(commit.parents[0])).tree;
    git::TreeBudget budget{.paths = max_patched, .path_bytes = 8u << 20, .patience = costly_patience(visit.request)};
    auto end = git::each_change(repository.objects(), parent_tree, commit.tree, budget, [](const git::TreeChange&) {});
    if (end.is_cut)
        return fail(ErrorKind::refused,
                    "This commit changes more than {} files, which is too much for a patch. Fetch it, and git shows "
                    "all of it.",
                    grouped(max_patched));
    return {};
}

/// Of a merge, what it did to its first parent. No program of a repository's choice takes part.
static Page as_text(const Visit& visit, const git::Repository& repository, const git_oid& commit, bool is_patch)
{
    TRY(check_size(visit, repository, commit));
    std::vector<std::string> arguments = {"log",
                                          "-1",
                                          "-m",
                                          "--first-parent",
                                          "-p",
                                          "--binary",
                                          "--full-index",
                                          "--no-color",
                                          "--no-ext-diff",
                                          "--no-textconv",
                                          "--no-show-signature",
                                          "--no-notes"};
    if (is_patch)
        arguments.insert(arguments.end(), {"--format=email", "--stat"});
    else
        arguments.emplace_back("--format=");
    arguments.insert(arguments.end(), {"--end-of-options", git::to_string(commit), "--"});
    return git_stream(
        visit, {.arguments = std::move(arguments), .content_type = "text/plain; charset=utf-8", .most = max_patch});
}

/// All of its runs, or the newest of very many.
static Html runs_of(const Visit& visit, const git_oid& commit)
{
    Html html, rows;
    std::vector<CommitRun> runs = visit.run_marks ? visit.run_marks->of(commit) : std::vector<CommitRun>();
    auto directory = runs.empty() ? Result<UniqueFd>(UniqueFd()) : visit.site.open_runs(*visit.repository);
    bool is_live = false, has_more = runs.size() > max_runs || (visit.run_marks && visit.run_marks->lacks_older());
    for (size_t i = 0; directory && i < std::min(runs.size(), max_runs); ++i) {
        auto record = store::read_run_record_in(directory->get(), visit.name(), runs[i].number);
        if (!record)
            continue;
        record->state = runs[i].state; // as the page is kept by it
        is_live |= !store::is_terminal(record->state);
        add_run(rows, *record, WithName::no);
    }
    if (!rows.empty())
        html.append(is_live ? Html().add("<div class=\"live\" data-again=\"5\">\n")
                            : Html().add("<div class=\"live\">\n"))
            .add("<h2>runs</h2>\n<ol class=\"runs\">\n{}</ol>\n</div>\n", rows);
    if (has_more)
        html.add("<p class=\"more\"><a href=\"{}\">{}</a></p>\n",
                 Url::runs(visit.name()).with("commit", git::to_string(commit)),
                 rows.empty() ? "runs of this commit" : "all of its runs");
    return html;
}

static Tools tools_of(const store::RepoName& name, const git_oid& commit)
{
    std::string id = git::to_string(commit);
    Tools tools;
    return tools.deep_link("patch", Url::view(name, "commit", id + ".patch"))
        .deep_link("diff", Url::view(name, "commit", id + ".diff"))
        .deep_link("log", Url::view(name, "log", id))
        .deep_link("browse files", Url::view(name, "tree", id));
}

/// By the first digits of its id, else by a ref.
static std::optional<git_oid> find_commit(const git::Repository& repository, std::string_view name)
{
    if (auto id = repository.commit_of_prefix(to_lower(name)))
        return id;
    std::vector<std::string> parts;
    for (std::string_view part : split(name, '/'))
        parts.emplace_back(part);
    auto place = repository.resolve(parts);
    return place && place->path.empty() ? std::optional(place->commit) : std::nullopt;
}

Page commit_page(const Visit& visit)
{
    if (visit.rest.empty())
        return fail(ErrorKind::not_found, "Say which commit: by its id, or by a branch or tag.");
    auto repository = TRY(visit.site.open(*visit.repository));
    std::string whole = join(visit.rest, "/");
    std::string_view wanted = whole;
    bool is_patch = strip_suffix(wanted, ".patch");
    bool is_diff = !is_patch && strip_suffix(wanted, ".diff");
    std::optional<git_oid> id = find_commit(*repository, wanted);
    if (!id && repository->has_damaged(wanted))
        return fail(ErrorKind::system, "the object {} can't be read", wanted);
    if (!id)
        return rewritten_page(visit, *repository, wanted);
    if (is_patch || is_diff)
        return as_text(visit, *repository, *id, is_patch);
    if (git::to_string(*id) != wanted)
        return http::redirect(Url::view(visit.name(), "commit", git::to_string(*id)).str());
    git::CommitInfo commit = TRY(repository->commit(*id));
    DiffChoice choice = DiffChoice::of(visit.request);
    auto diff = diff_with_parent(visit, *repository, commit, choice);
    if (!diff && diff.error().kind == ErrorKind::busy)
        return Unexpected(std::move(diff).error());
    Html body;
    std::string subject = shown_subject(commit.subject());
    body.append(page_head(subject.empty() ? "(no message)" : subject, Html(), Tools()));
    if (std::string message = message_below(commit, subject); !message.empty())
        body.add("<pre class=\"message\">{}</pre>\n", linked_message(visit.name(), *repository, message));
    if (commit.message_rest > 0)
        body.add("<p class=\"notice\">The message is {} long; this is its beginning.</p>\n",
                 shown_size(commit.message.size() + commit.message_rest));
    Holders holders = TRY(find_holders(visit, *repository, commit));
    Successor successor;
    if (holders.is_left_behind)
        successor = find_successor(visit, *repository, commit);
    body.append(successor.notice);
    add_conflict(body, visit, *repository, commit);
    body.append(facts(visit, commit, holders));
    body.append(runs_of(visit, *id));
    if (std::string note = repository->note(commit.id); !note.empty())
        body.add("<h2>notes</h2>\n<pre class=\"message\">{}</pre>\n", linked_message(visit.name(), *repository, note));
    if (commit.parents.size() > 1)
        body.add("<p class=\"empty\">A merge, compared with its first parent.</p>\n");
    Url here = Url::view(visit.name(), "commit", git::to_string(*id));
    std::optional<git_oid> parent = commit.parents.empty() ? std::nullopt : std::optional(commit.parents[0]);
    if (diff)
        body.append(render_diff({visit, *repository, parent, *id, here}, *diff, choice, tools_of(visit.name(), *id),
                                Url::view(visit.name(), "commit", git::to_string(*id) + ".diff")));
    else
        body.add("<p class=\"notice\">Its parent can’t be read: there is nothing to compare it with.</p>\n");
    bool is_whole = !(diff && diff->is_late) && !holders.is_late && successor.is_whole;
    return render(visit, {.title = subject, .tab = Tab::log, .is_whole = is_whole}, body);
}

} // namespace quire::web
