#include "runner/runs.h"

#include <catch2/catch_test_macros.hpp>

#include "store/create_run.h"
#include "support/scratch_root.h"

using namespace quire;
using namespace quire::runner;

namespace {

struct LivingRun final : LaunchedRun {
    void watch(Ended) override {}
    void signal(int) override {}
    Result<void> reap(Reaped) override { return {}; }
};

/// Says that every run lives.
struct OptimisticLauncher final : Launcher {
    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace&, const LaunchOrder&, sys::FileLock) override
    {
        return fail(ErrorKind::system, "these tests start nothing");
    }
    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace&) override
    {
        return std::unique_ptr<LaunchedRun>(new LivingRun);
    }
};

constexpr int64_t moment = 60 * nanoseconds_per_second;

/// Whether a run that began so long ago, and lives, counts as starting.
bool is_starting(std::optional<int64_t> age)
{
    tests::ScratchRoot scratch;
    auto name = store::RepoName::parse("foo").value();
    if (age) {
        auto record = store::create_runs(scratch.root, name,
                                         {{.source = "push", .ref = "refs/heads/main", .sha = std::string(40, 'a')}})
                          .value()[0];
        store::QueueItem item{store::paths::queue_entry(name, record.number, record.queued_at), name, record.number};
        REQUIRE(store::claim(scratch.root, item).value());
        record.state = store::RunState::active;
        record.started_at = now() - *age;
        REQUIRE(store::write_run_record(scratch.root, record));
    }
    sys::Loop loop;
    std::optional<store::GlobalConfig> config;
    Complaints complaints;
    Runs runs(scratch.root, loop, std::make_unique<OptimisticLauncher>(), config, complaints, [](size_t) {});
    runs.scan();
    REQUIRE(runs.is_busy() == age.has_value());
    return runs.is_starting(moment);
}

} // namespace

TEST_CASE("a run counts as starting for a moment, in which tasks leave it the machine")
{
    CHECK(is_starting(0));
    CHECK_FALSE(is_starting(2 * moment));
    CHECK_FALSE(is_starting(-2 * moment)); // the clock was put back: nobody waits for a time that never comes
    CHECK_FALSE(is_starting(std::nullopt));
}
