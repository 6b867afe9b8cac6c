// "/runs", "/NAME/runs": what ran, newest first; and the way to "/NAME/runs/tests" and all that "/NAME/runs/N/…" has.
#include <algorithm>
#include <iterator>
#include <map>

#include "base/strings.h"
#include "git/ref_name.h"
#include "store/approval.h"
#include "store/bisect_source.h"
#include "store/run_directory.h"
#include "sys/file.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"
#include "web/runs/failing_since.h"
#include "web/runs/run_feed.h"
#include "web/runs/run_graph.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t page_size = 50;
constexpr size_t most_looked_at = 2000;

Html state_word(std::string_view state)
{
    Html html;
    return html.add("<span class=\"state {}\"><span aria-hidden=\"true\">{}</span> {}</span>", state, state_mark(state),
                    state);
}

/// "unit: exit code 2" and "by #15": what the word for the state has not said.
static std::string reason_beside_state(const store::RunRecord& run)
{
    if (run.state == store::RunState::succeeded)
        return {};
    std::string_view rest = run.reason;
    if (strip_prefix(rest, store::to_string(run.state)))
        return std::string(trim(rest));
    constexpr std::string_view between = "' failed: ";
    size_t end = rest.find(between);
    if (run.state != store::RunState::failed || end == std::string_view::npos || !strip_prefix(rest, "job '"))
        return run.reason;
    end -= run.reason.size() - rest.size();
    return fmt::format("{}: {}", rest.substr(0, end), rest.substr(end + between.size()));
}

/// Runs that wait for approval get that as their reason.
static void tell_waits(const Visit& visit, std::vector<store::RunRecord>& runs)
{
    for (store::RunRecord& run : runs) {
        store::Waits waits = store::waits_of(visit.site.root(), run);
        if (waits.jobs.size() == 1)
            run.reason = waits.jobs[0].job + " waits for approval";
        else if (!waits.jobs.empty())
            run.reason = fmt::format("{} jobs wait for approval", waits.jobs.size());
    }
}

void add_run(Html& body, const store::RunRecord& run, WithName with_name, const std::optional<git::CommitInfo>& commit)
{
    body.add("<li>{}<a class=\"{}\" href=\"{}\">", state_word(store::to_string(run.state)),
             with_name == WithName::yes ? "name of-all" : "name", Url::run(run.repo, run.number));
    if (with_name == WithName::yes)
        body.add("{} ", run.repo.str());
    body.add("#{}</a><span class=\"description\">", run.number);
    if (commit)
        body.add("<span class=\"subject\">{}</span>", shown_subject(commit->subject()));
    if (std::string why = reason_beside_state(run); !why.empty())
        body.add("<span class=\"why\">{}</span>", shown_subject(why));
    body.add("</span><span class=\"by\">{} <code>{}</code>", git::shown_ref(run.ref), run.sha.substr(0, 8));
    if (commit && !commit->author.name.empty())
        body.add(" {}", shown_name(commit->author.name));
    if (run.source != "push")
        body.add(" · {} {}", run.source, shown_name(run.event));
    if (run.reran != 0)
        body.add(" · again #{}", run.reran);
    bool has_run = run.started_at != 0 && run.ended_at != 0;
    body.add("</span><span class=\"took\">{}</span>{}</li>\n",
             has_run ? format_duration(run.ended_at - run.started_at) : "", date_and_time(run.queued_at));
}

static bool matches(const store::RunRecord& run, const RunsWanted& wanted)
{
    bool is_passed_over = run.state == store::RunState::skipped || store::is_of_bisection(run);
    return (wanted.skipped == Skipped::listed || !is_passed_over) &&
           (wanted.commit.empty() || run.sha == wanted.commit) &&
           (wanted.source.empty() || run.source == wanted.source) && (!wanted.state || run.state == *wanted.state) &&
           (wanted.ref.empty() || run.ref == wanted.ref);
}

static Result<RunList> list_runs(int runs, const store::RepoName& name, const RunsWanted& wanted)
{
    RunList list;
    uint64_t before = wanted.before;
    for (size_t looked_at = 0; looked_at < most_looked_at;) {
        auto numbers = TRY(store::newest_runs(runs, wanted.limit, before));
        for (uint64_t number : numbers) {
            before = number;
            auto run = store::read_run_record_in(runs, name, number);
            if (run && matches(*run, wanted))
                list.runs.push_back(std::move(*run));
            if (list.runs.size() == wanted.limit)
                break;
        }
        looked_at += numbers.size();
        if (list.runs.size() == wanted.limit || numbers.size() < wanted.limit) {
            bool has_more = list.runs.size() == wanted.limit && before > 1;
            list.before = has_more ? before : 0;
            return list;
        }
    }
    list.before = before > 1 ? before : 0;
    return list;
}

/// Whoever may ask for all runs may see every repository: names serve as well as directories there.
Result<std::vector<store::RunRecord>> newest_of_all(const Visit& visit, size_t limit, Skipped skipped)
{
    std::vector<store::RunRecord> all;
    std::vector<Listed> repositories = TRY(visit.site.list(visit.request));
    for (const Listed& listed : repositories) {
        if (!listed.shows_runs)
            continue;
        auto runs = sys::open_directory(visit.site.root().fd(), store::paths::repository_runs(listed.name));
        auto found = runs ? list_runs(runs->get(), listed.name, {.limit = limit, .skipped = skipped})
                          : Result<RunList>(Unexpected(std::move(runs).error()));
        if (!found)
            continue;
        all.insert(all.end(), std::make_move_iterator(found->runs.begin()), std::make_move_iterator(found->runs.end()));
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.queued_at > b.queued_at; });
        if (all.size() > limit)
            all.erase(all.begin() + static_cast<ptrdiff_t>(limit), all.end());
    }
    return all;
}

/// Those of one commit, all of whose runs are known.
static RunList list_runs_of_commit(int runs, const Visit& visit, const RunsWanted& wanted, const git_oid& commit)
{
    RunList list;
    for (const CommitRun& known : visit.run_marks->of(commit)) {
        if (wanted.before != 0 && known.number >= wanted.before)
            continue;
        if (list.runs.size() == wanted.limit) {
            list.before = list.runs.back().number;
            break;
        }
        auto run = store::read_run_record_in(runs, visit.name(), known.number);
        if (run && matches(*run, wanted))
            list.runs.push_back(std::move(*run));
    }
    return list;
}

/// Those of the visit's repository.
Result<RunList> list_runs(const Visit& visit, const RunsWanted& wanted)
{
    auto opened = visit.site.open_runs(*visit.repository);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return RunList();
    UniqueFd runs = TRY(std::move(opened));
    auto commit = git::parse_oid(wanted.commit);
    if (commit && visit.run_marks && !visit.run_marks->lacks_older())
        return list_runs_of_commit(runs.get(), visit, wanted, *commit);
    return list_runs(runs.get(), visit.name(), wanted);
}

/// A branch's or tag's short name is fine, too.
static std::string full_ref(std::string_view ref)
{
    return ref.empty() || ref.starts_with("refs/") ? std::string(ref) : "refs/heads/" + std::string(ref);
}

static bool has_live(const std::vector<store::RunRecord>& runs)
{
    return std::any_of(runs.begin(), runs.end(), [](const auto& run) { return !store::is_terminal(run.state); });
}

namespace {

/// The commits of runs, read from their repositories, each opened once.
class Commits {
public:
    explicit Commits(const Visit& visit) : m_visit(visit) {}

    std::optional<git::CommitInfo> find(const store::RunRecord& run)
    {
        auto id = git::parse_oid(run.sha);
        git::RepositoryPool::Lease* repository = id ? open(run.repo) : nullptr;
        if (!repository)
            return std::nullopt;
        auto commit = (*repository)->commit(*id);
        return commit ? std::optional(std::move(*commit)) : std::nullopt;
    }

private:
    git::RepositoryPool::Lease* open(const store::RepoName& name)
    {
        auto [known, is_new] = m_open.try_emplace(name.str());
        if (is_new) {
            std::optional<Repository> other;
            if (!m_visit.repository)
                other = look_up(name);
            const Repository* repository = m_visit.repository ? m_visit.repository.get() : other ? &*other : nullptr;
            auto opened = repository ? m_visit.site.open(*repository)
                                     : Result<git::RepositoryPool::Lease>(fail(ErrorKind::not_found, "no repository"));
            if (opened)
                known->second.emplace(std::move(*opened));
        }
        return known->second ? &*known->second : nullptr;
    }
    std::optional<Repository> look_up(const store::RepoName& name)
    {
        auto found = m_visit.site.find(name, m_visit.request);
        return found ? std::move(*found) : std::nullopt;
    }

    const Visit& m_visit;
    std::map<std::string, std::optional<git::RepositoryPool::Lease>> m_open;
};

} // namespace

/// The list; where a run of it is not over yet, it is one that looks again.
static void add_runs(Html& body, const std::vector<store::RunRecord>& runs, WithName with_name, Commits& commits)
{
    if (has_live(runs))
        body.add("<div class=\"live\" data-again=\"5\">\n");
    else
        body.add("<div class=\"live\">\n");
    body.add("<ol class=\"runs\">\n");
    auto is_skipped = [](const store::RunRecord& run) { return run.state == store::RunState::skipped; };
    for (auto run = runs.begin(); run != runs.end();) {
        if (!is_skipped(*run)) {
            add_run(body, *run, with_name, commits.find(*run));
            ++run;
            continue;
        }
        auto end = std::find_if_not(run, runs.end(), is_skipped);
        auto count = end - run;
        body.add("<li class=\"folded\"><details><summary>{} {} had nothing to do</summary>\n<ol class=\"runs\">\n",
                 count, count == 1 ? "run" : "runs");
        for (; run != end; ++run)
            add_run(body, *run, with_name, commits.find(*run));
        body.add("</ol></details></li>\n");
    }
    body.add("</ol>\n</div>\n");
}

/// "any state" or so and these words, each an address of the list with this key.
static std::vector<Tools::Option> options(const Url& all, std::string_view key, std::string_view present,
                                          std::span<const std::string_view> words)
{
    std::vector<Tools::Option> found = {{fmt::format("any {}", key), all, present.empty()}};
    for (std::string_view word : words)
        found.push_back({std::string(word), all.with(key, word), word == present});
    return found;
}

/// The address of the list with these filters.
static Url filtered(const Visit& visit, std::string_view ref, std::string_view commit, std::string_view state,
                    std::string_view source)
{
    Url url = Url::runs(visit.name());
    for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>("ref", ref),
                                     {"commit", commit},
                                     {"state", state},
                                     {"source", source}})
        if (!value.empty())
            url = url.with(key, value);
    return url;
}

/// Where the newest run of a ref that is over is red: since when.
static Html since_when(const Visit& visit, const std::vector<store::RunRecord>& runs)
{
    auto counts = [](const store::RunRecord& run) {
        return !store::is_of_bisection(run) && (run.state == store::RunState::succeeded || is_red(run.state));
    };
    auto newest = std::find_if(runs.begin(), runs.end(), counts);
    Html since = newest == runs.end() ? Html() : failing_since(visit, *newest);
    if (since.empty())
        return since;
    return Html().add("<p class=\"facts\"><a href=\"{}\">#{}</a> {}, failing since {}</p>\n",
                      Url::run(newest->repo, newest->number), newest->number, store::to_string(newest->state), since);
}

static Page repository_runs(const Visit& visit)
{
    constexpr std::string_view states[] = {"failed", "succeeded", "active", "queued"};
    constexpr std::string_view sources[] = {"push", "cron", "manual", "bisect"};
    std::string_view state = visit.request.parameter("state"), source = visit.request.parameter("source");
    auto wanted_state =
        state.empty() ? Result<store::RunState>(store::RunState::failed) : store::parse_run_state(state);
    if (!wanted_state)
        return fail(ErrorKind::not_found, "'{}' is no state of a run.", shown_name(state));
    if (!source.empty() && std::find(std::begin(sources), std::end(sources), source) == std::end(sources))
        return fail(ErrorKind::not_found, "'{}' starts no runs; push, cron, manual and bisect do.", shown_name(source));
    std::string ref = full_ref(visit.request.parameter("ref"));
    uint64_t before = parse_decimal(visit.request.parameter("before")).value_or(0);
    std::string commit(visit.request.parameter("commit"));
    auto commit_id = git::parse_oid(commit);
    if (!commit.empty() && !commit_id)
        return fail(ErrorKind::not_found, "'{}' is no full id of a commit.", shown_name(commit));
    RunList list = TRY(list_runs(visit, {.ref = ref,
                                         .commit = commit,
                                         .source = std::string(source),
                                         .state = state.empty() ? std::nullopt : std::optional(*wanted_state),
                                         .before = before,
                                         .limit = page_size}));
    tell_waits(visit, list.runs);
    Url here = filtered(visit, ref, commit, state, source);
    Commits commits(visit);
    Html body;
    Url feed = Url::local(Url::runs(visit.name()).str() + "/feed.atom");
    Tools tools;
    tools.choice("state", options(filtered(visit, ref, commit, "", source), "state", state, states))
        .choice("source", options(filtered(visit, ref, commit, state, ""), "source", source, sources))
        .link("tests", Url::local(Url::runs(visit.name()).str() + "/tests"))
        .link("search in logs", Url::local(Url::runs(visit.name()).str() + "/logs"))
        .link("times", Url::local(Url::runs(visit.name()).str() + "/times"))
        .link("feed", ref.empty() ? feed : feed.with("ref", ref));
    Html title;
    title.add("runs");
    if (!ref.empty())
        title.add(" of {}", git::shown_ref(ref));
    if (commit_id)
        title.add(" of commit <a href=\"{}\"><code>{}</code></a>", Url::view(visit.name(), "commit", commit),
                  short_id(*commit_id));
    Html note;
    if (!ref.empty() || commit_id)
        note.add("<a href=\"{}\">all runs</a>", Url::runs(visit.name()));
    body.append(page_head(title, note, tools));
    if (commit_id)
        body.add("<section class=\"of-commit\">\n");
    bool is_newest_of_ref = !ref.empty() && commit.empty() && state.empty() && before == 0;
    if (is_newest_of_ref)
        body.append(since_when(visit, list.runs));
    if (list.runs.empty() && commit_id)
        body.add("<p class=\"empty\">{}</p>\n",
                 list.before > 0 ? "Nothing has run for it lately." : "Nothing has run for this commit.");
    else if (list.runs.empty())
        body.add("<p class=\"empty\">Nothing has run here{}. A push starts a run when the commit has a "
                 "<code>.quire/ci.fnl</code>.</p>\n",
                 before > 0 || !ref.empty() || !state.empty() || !source.empty() ? " that fits" : " yet");
    else
        add_runs(body, list.runs, WithName::no, commits);
    if (list.before > 0)
        body.add("<nav class=\"pages\" aria-label=\"pages\"><a rel=\"next\" href=\"{}\">older</a></nav>\n",
                 here.with("before", std::to_string(list.before)));
    return render(visit, {.title = "runs", .tab = Tab::runs}, body);
}

static Page repository_feed(const Visit& visit)
{
    std::string ref = full_ref(visit.request.parameter("ref"));
    RunList list = TRY(list_runs(visit, {.ref = ref, .limit = page_size, .skipped = Skipped::passed_over}));
    Url page = ref.empty() ? Url::runs(visit.name()) : Url::runs(visit.name()).with("ref", ref);
    return run_feed(visit, "runs of " + visit.name().str(), page, list.runs);
}

static constexpr std::pair<std::string_view, RunPage> views[] = {
    {"", run_page},
    {"changes", run_changes},
    {"log", run_log_page},
    {"text", run_log_text},
    {"follow", run_log_events},
    {"artifacts", run_artifact},
    {"artifacts.tar", run_artifacts_tar},
    {store::paths::run_provenance, run_provenance},
    {store::paths::run_provenance_signature, run_provenance},
    {"reports", run_report},
    {"pipeline", run_pipeline_page},
};

static Page one_run(const Visit& visit, uint64_t number)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto directory = runs ? sys::open_directory(runs->get(), std::to_string(number)) : std::move(runs);
    auto run = directory ? store::read_run_record(directory->get(), visit.name(), std::to_string(number))
                         : Result<store::RunRecord>(Unexpected(std::move(directory).error()));
    if (!run)
        return fail(ErrorKind::not_found, "There is no run #{}, or it has been pruned.", number);
    RunVisit in_run{visit, std::move(*run), std::move(*directory), {}};
    std::string_view view = visit.rest.size() > 1 ? std::string_view(visit.rest[1]) : std::string_view();
    if (visit.rest.size() > 2)
        in_run.rest.assign(visit.rest.begin() + 2, visit.rest.end());
    for (const auto& [name, page] : views)
        if (name == view)
            return page(in_run);
    return fail(ErrorKind::not_found, "A run has a log, artifacts, reports and a pipeline, and no '{}'.",
                shown_name(view));
}

Page runs_page(const Visit& visit)
{
    if (visit.rest.empty())
        return repository_runs(visit);
    if (visit.rest.size() == 1 && visit.rest[0] == "feed.atom")
        return repository_feed(visit);
    if (visit.rest.size() == 1 && visit.rest[0] == "tests")
        return run_tests_page(visit);
    if (visit.rest.size() == 1 && visit.rest[0] == "logs")
        return logs_page(visit);
    if (visit.rest.size() == 1 && visit.rest[0] == "times")
        return run_times_page(visit);
    auto number = parse_decimal(visit.rest[0]);
    if (!number || *number == 0)
        return fail(ErrorKind::not_found, "A run has a number.");
    return one_run(visit, *number);
}

Page all_runs_page(const Visit& visit)
{
    if (!visit.rest.empty() && (visit.rest.size() != 1 || visit.rest[0] != "feed.atom"))
        return not_found(visit.request);
    bool is_feed = !visit.rest.empty();
    std::vector<store::RunRecord> runs =
        TRY(newest_of_all(visit, page_size, is_feed ? Skipped::passed_over : Skipped::listed));
    if (is_feed)
        return run_feed(visit, "runs", Url::local("/runs"), runs);
    tell_waits(visit, runs);
    Html body;
    Tools tools;
    body.append(page_head("runs", Html(), tools.link("feed", Url::local("/runs/feed.atom"))));
    if (runs.empty())
        body.add("<p class=\"empty\">Nothing has run yet. A push starts a run when the commit has a "
                 "<code>.quire/ci.fnl</code>.</p>\n");
    else {
        Commits commits(visit);
        add_runs(body, runs, WithName::yes, commits);
    }
    return render(visit, {.title = "runs"}, body);
}

} // namespace quire::web
