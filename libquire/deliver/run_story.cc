#include "deliver/run_story.h"

#include "base/strings.h"
#include "git/git.h"
#include "git/object_reader.h"
#include "store/create_run.h"
#include "store/log_tail.h"
#include "sys/file.h"

namespace quire::deliver {

namespace paths = store::paths;
using store::RunState;

constexpr size_t longest_line = 300;
/// how many earlier runs are looked at
constexpr size_t most_runs = 300;

bool is_failure(RunState state)
{
    return state == RunState::failed || state == RunState::errored || state == RunState::timed_out;
}

RunStory tell_run(const store::Root& root, const store::RunRecord& record)
{
    auto run = sys::open_directory(root.fd(), paths::run(record.repo, record.number));
    auto failures = run ? store::tell_failures(run->get()) : std::vector<store::JobFailure>();
    return failures.empty() ? RunStory() : std::move(failures[0]);
}

Result<Streak> find_streak(const store::Root& root, const store::RunRecord& record)
{
    Streak streak;
    auto take = [&](const store::RunRecord& failure) {
        streak.first_failure = failure.number;
        streak.since = failure.ended_at;
        ++streak.failures;
    };
    bool is_first = true;
    if (is_failure(record.state))
        take(record);
    for (uint64_t number : TRY(store::newest_runs(root, record.repo, most_runs, record.number))) {
        auto earlier = store::read_run_record(root, record.repo, number);
        if (!earlier || earlier->ref != record.ref || earlier->source != record.source ||
            earlier->event != record.event)
            continue;
        bool failed = is_failure(earlier->state);
        if (!failed && earlier->state != RunState::succeeded)
            continue;
        if (std::exchange(is_first, false))
            streak.was_failing = failed;
        if (!failed) {
            streak.last_success = earlier->number;
            streak.last_good_sha = earlier->sha;
            break;
        }
        take(*earlier);
    }
    return streak;
}

CommitStory tell_commit(const store::Root& root, const store::RunRecord& record)
{
    CommitStory story;
    auto repository = root.open_repository(record.repo);
    if (!repository || !from_hex(record.sha))
        return story;
    sys::Command command{.argv = {"git", "log", "-1", "--format=%s%x00%an", "--end-of-options", record.sha},
                         .environment = git::repository_environment(),
                         .directory = repository->get()};
    auto said = sys::run_ok(command, {.limit = 1u << 20, .timeout = 20 * nanoseconds_per_second});
    if (!said)
        return story;
    std::string_view rest = trim(*said);
    story.subject = store::as_terminal_shows(take_until(rest, '\0'), longest_line);
    story.author = store::as_terminal_shows(rest, longest_line);
    return story;
}

} // namespace quire::deliver
