#include "forge/bisection.h"

#include <bit>
#include <utility>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/default_branch.h"
#include "forge/run_list.h"
#include "forge/run_requests.h"
#include "git/git.h"
#include "store/bisect_source.h"
#include "store/create_run.h"
#include "store/run_failure.h"
#include "sys/file.h"
#include "text/escape.h"

namespace quire::forge {

using store::RunRecord;

constexpr size_t most_runs_back = 5000;
constexpr int64_t longest_git = 120 * nanoseconds_per_second;

static Result<void> check_thawed(int repository, const store::RepoName& repo)
{
    store::RepositoryConfig config = read_config(repository, repo);
    if (!config.frozen)
        return {};
    return fail(ErrorKind::refused, "{} is frozen{}{}; after 'quire thaw {}' it can be bisected", repo.str(),
                config.frozen_message.empty() ? "" : ": ", text::for_terminal(config.frozen_message), repo.str());
}

static Result<std::string> resolve(int repository, const store::RepoName& repo, const std::string& text)
{
    sys::Output found =
        TRY(git::run(repository, {"rev-parse", "--verify", "--quiet", "--end-of-options", text + "^{commit}"}));
    std::string id(trim(found.out));
    if (found.status != 0 || !from_hex(id) || id.empty())
        return fail(ErrorKind::not_found, "{} has no commit '{}'", repo.str(), text::for_terminal(text));
    return id;
}

static Result<bool> is_ancestor(int repository, const std::string& ancestor, const std::string& tip)
{
    sys::Output told =
        TRY(git::run(repository, {"merge-base", "--is-ancestor", ancestor, tip}, {.timeout = longest_git}));
    if (told.status > 1)
        return fail(ErrorKind::invalid, "git can't tell whether {} is an ancestor of {}: {}", ancestor, tip,
                    visible(trim(told.err)));
    return told.status == 0;
}

namespace {

/// Looks for the ends in the runs of a branch, newest first.
class Planner {
public:
    Planner(const store::Root& root, const store::RepoName& repo, int repository, const BisectionWanted& wanted)
        : m_root(root), m_repo(repo), m_repository(repository), m_wanted(wanted)
    {}

    Result<BisectionPlan> plan()
    {
        m_plan.ref = "refs/heads/" + TRY(default_branch_of(m_root, m_repo));
        m_plan.job = m_wanted.job;
        if (!m_wanted.bad.empty())
            m_plan.bad.commit = TRY(resolve(m_repository, m_repo, m_wanted.bad));
        if (!m_wanted.good.empty())
            m_plan.good.commit = TRY(resolve(m_repository, m_repo, m_wanted.good));
        TRY(look_back());
        if (m_plan.job.empty())
            return fail(ErrorKind::refused, "no job failed in the newest runs of {}; say which one with --job",
                        branch());
        if (m_plan.run == 0)
            return fail(ErrorKind::refused, "no run of {} says how '{}' ended", branch(), shown_job());
        if (m_plan.bad.commit.empty())
            return fail(ErrorKind::refused, "no run of {} says that '{}' fails; name a commit with --bad", branch(),
                        shown_job());
        if (m_plan.good.commit.empty())
            return fail(ErrorKind::refused,
                        "no run says that '{}' succeeded on an ancestor of {}; name a commit with --good", shown_job(),
                        m_plan.bad.commit.substr(0, 12));
        if (m_plan.good.commit == m_plan.bad.commit ||
            !TRY(is_ancestor(m_repository, m_plan.good.commit, m_plan.bad.commit)))
            return fail(ErrorKind::refused, "{} is not an ancestor of {}: there is nothing between the two to look at",
                        m_plan.good.commit.substr(0, 12), m_plan.bad.commit.substr(0, 12));
        return std::move(m_plan);
    }

private:
    std::string branch() const { return text::for_terminal(m_plan.ref.substr(std::string_view("refs/heads/").size())); }
    std::string shown_job() const { return text::for_terminal(m_plan.job); }

    /// The job of a red run that is looked for when none was named.
    void take_job(const RunRecord& run)
    {
        auto directory = sys::open_directory(m_root.fd(), store::paths::run(m_repo, run.number));
        if (directory && run.state == store::RunState::failed)
            for (const store::JobFailure& failure : store::tell_failures(directory->get()))
                if (m_plan.job.empty())
                    m_plan.job = failure.job;
    }

    Result<void> look_back()
    {
        RunCursor cursor(m_root, m_repo, 0, {.ref = m_plan.ref});
        bool knows_job = m_wanted.job.empty();
        std::optional<Error> unknown_job;
        for (size_t count = 0; count < most_runs_back; ++count) {
            auto run = TRY(cursor.next());
            if (!run)
                break;
            if (store::is_of_bisection(*run) || !store::is_terminal(run->state))
                continue;
            if (!knows_job) {
                auto checked = check_job(m_root, *run, m_plan.job);
                knows_job = checked.has_value();
                if (!checked && !unknown_job)
                    unknown_job = checked.error();
            }
            if (m_plan.job.empty())
                take_job(*run);
            if (!m_plan.job.empty() && TRY(take_end(*run)))
                return {};
        }
        if (!knows_job && unknown_job)
            return Unexpected(std::move(*unknown_job));
        return {};
    }

    /// True: both ends are known.
    Result<bool> take_end(const RunRecord& run)
    {
        JobVerdict verdict = verdict_of(m_root, run, m_plan.job);
        if (m_plan.run == 0 && verdict.verdict != Verdict::unknown)
            m_plan.run = run.number;
        if (verdict.verdict == Verdict::bad && m_wanted.bad.empty()) {
            m_plan.bad = {run.sha, run.number};
            m_plan.run = run.number;
        }
        if (verdict.verdict != Verdict::good)
            return false;
        if (m_plan.bad.commit.empty())
            return fail(ErrorKind::refused,
                        "'{}' succeeded in #{}, the newest run of {} that tells: nothing is to be found", shown_job(),
                        run.number, branch());
        if (!m_wanted.good.empty())
            return true;
        if (run.sha == m_plan.bad.commit || !TRY(is_ancestor(m_repository, run.sha, m_plan.bad.commit)))
            return false; // a branch that was rewritten
        m_plan.good = {run.sha, run.number};
        return true;
    }

    const store::Root& m_root;
    const store::RepoName& m_repo;
    int m_repository;
    const BisectionWanted& m_wanted;
    BisectionPlan m_plan;
};

} // namespace

Result<BisectionPlan> plan_bisection(const store::Root& root, const store::RepoName& repo,
                                     const BisectionWanted& wanted)
{
    UniqueFd repository = TRY(root.open_repository(repo));
    TRY(check_thawed(repository.get(), repo));
    return Planner(root, repo, repository.get(), wanted).plan();
}

Result<Bisection> Bisection::create(const store::Root& root, const store::RepoName& repo, BisectionPlan plan)
{
    UniqueFd repository = TRY(root.open_repository(repo));
    git::ObjectReader reader = TRY(git::ObjectReader::create(repository.get()));
    TreeVerdicts verdicts = TRY(TreeVerdicts::create(root, repo, reader, plan.job));
    return Bisection(std::move(repository), std::move(reader), std::move(verdicts), std::move(plan));
}

Result<git::Commit> Bisection::look_up(const std::string& commit)
{
    auto found = TRY(m_reader.commits({commit}));
    if (!found[0])
        return fail(ErrorKind::invalid, "commit {} can't be read", commit);
    return std::move(*found[0]);
}

void Bisection::tell(const std::string& commit, Verdict verdict)
{
    m_misses = verdict == Verdict::good || verdict == Verdict::bad ? 0 : m_misses + 1;
    if (verdict == Verdict::good)
        m_good.push_back(commit);
    else if (verdict == Verdict::bad)
        m_bad = commit;
    else
        m_untestable.insert(commit);
}

size_t Bisection::steps_left() const
{
    return m_suspects.empty() ? 0 : static_cast<size_t>(std::bit_width(m_suspects.size() - 1));
}

Result<std::optional<git::Commit>> Bisection::next()
{
    std::vector<std::string> arguments = {"rev-list", "--bisect-all", m_bad, "--not"};
    arguments.insert(arguments.end(), m_good.begin(), m_good.end());
    std::string out = TRY(git::run_ok(m_repository.get(), std::move(arguments), {.timeout = longest_git}));
    // Each line is a commit and "(dist=N)", those first that halve the others best.
    std::vector<std::string> testable;
    m_suspects.clear();
    for (std::string_view rest = out; !rest.empty();) {
        std::string_view line = take_until(rest, '\n');
        std::string id(take_until(line, ' '));
        m_suspects.push_back(id);
        if (id != m_bad && !m_untestable.contains(id))
            testable.push_back(std::move(id));
    }
    if (testable.empty())
        return std::optional<git::Commit>();
    if (!std::exchange(m_has_asked, true))
        TRY(find_told());
    return std::optional(TRY(look_up(choose(testable))));
}

/// Which of the commits runs have told about.
Result<void> Bisection::find_told()
{
    constexpr size_t most = 50'000; // reading more of them would take longer than a run
    if (m_suspects.size() > most)
        return {};
    for (const auto& commit : TRY(m_reader.commits(m_suspects))) {
        if (!commit)
            continue;
        Verdict verdict = m_verdicts.find(commit->tree).verdict;
        if (verdict == Verdict::good || verdict == Verdict::bad)
            m_told.insert(commit->id);
    }
    return {};
}

std::string Bisection::choose(const std::vector<std::string>& testable) const
{
    for (const std::string& id : testable)
        if (m_told.contains(id))
            return id;
    // Beside a commit that can't be tested there are often more: a step to the side, and a longer one each time.
    constexpr size_t near = 4;
    return testable[testable.size() * m_misses / (m_misses + near)];
}

Result<RunRecord> create_bisection_run(const store::Root& root, const store::RepoName& repo, const BisectionPlan& plan,
                                       const git::Commit& commit, const std::string& who)
{
    UniqueFd repository = TRY(root.open_repository(repo));
    if (sys::exists(repository.get(), store::paths::repository_moving))
        return fail(ErrorKind::busy, "{} is being renamed or removed; try again in a moment", repo.str());
    auto made = TRY(store::create_runs(root, repo,
                                       {{.source = store::bisect_source,
                                         .event = fmt::format("#{}", plan.run),
                                         .only_job = plan.job,
                                         .ref = plan.ref,
                                         .sha = commit.id,
                                         .previous_sha = commit.parents.empty() ? "" : commit.parents[0],
                                         .pusher = who}}));
    return std::move(made[0]);
}

} // namespace quire::forge
