#include "runner/runs.h"

#include <catch2/catch_test_macros.hpp>

#include "ci/run/handoff.h"
#include "runner/far_run.h"
#include "store/create_run.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/self.h"

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

struct World {
    tests::ScratchRoot scratch;
    store::RepoName name = store::RepoName::parse("foo").value();
    store::RunRecord record{.repo = name};
    sys::Loop loop;
    std::optional<store::GlobalConfig> config;
    Complaints complaints;

    /// With one run that began so long ago.
    explicit World(int64_t age)
    {
        record = store::create_runs(scratch.root, name,
                                    {{.source = "push", .ref = "refs/heads/main", .sha = std::string(40, 'a')}})
                     .value()[0];
        store::QueueItem item{store::paths::queue_entry(name, record.number, record.queued_at), name, record.number};
        REQUIRE(store::claim(scratch.root, item).value());
        record.state = store::RunState::active;
        record.started_at = now() - age;
        REQUIRE(store::write_run_record(scratch.root, record));
    }
    Runs runs()
    {
        return Runs(scratch.root, loop, std::make_unique<OptimisticLauncher>(), config, complaints, [](size_t) {});
    }
    UniqueFd directory()
    {
        return sys::open_directory(scratch.root.fd(), store::paths::run(name, record.number)).value();
    }
    void hand_off(const std::string& boot)
    {
        ci::Handoff handoff;
        handoff.boot = boot;
        REQUIRE(ci::write_handoff(directory().get(), store::paths::run_dispatch, handoff));
    }
    /// What the next runner makes of it.
    store::RunRecord after_scan()
    {
        runs().scan();
        return store::read_run_record(scratch.root, name, record.number).value();
    }
    size_t count(const char* queue) { return store::list_queue(scratch.root, queue).value().size(); }
};

constexpr int64_t moment = 60 * nanoseconds_per_second;

/// Whether a run that began so long ago, and lives, counts as starting.
bool is_starting(int64_t age)
{
    World world(age);
    Runs runs = world.runs();
    runs.scan();
    REQUIRE(runs.is_busy());
    return runs.is_starting(moment);
}

} // namespace

TEST_CASE("a run counts as starting for a moment, in which tasks leave it the machine")
{
    CHECK(is_starting(0));
    CHECK_FALSE(is_starting(2 * moment));
    CHECK_FALSE(is_starting(-2 * moment)); // the clock was put back: nobody waits for a time that never comes
}

TEST_CASE("a run whose runner died before quire-ci had read the hand-off is queued again")
{
    World world(0);
    world.hand_off(sys::boot_id().value());
    store::RunRecord record = world.after_scan();
    CHECK(record.state == store::RunState::queued);
    CHECK(record.started_at == 0);
    CHECK_FALSE(sys::exists(world.directory().get(), store::paths::run_dispatch));
    CHECK(world.count(store::paths::queue_active) == 0);
    CHECK(world.count(store::paths::queue_new) == 1);
}

TEST_CASE("a run that may have begun is never queued again")
{
    World world(0);
    std::optional<sys::FileLock> lock;
    SECTION("its hand-off was read") {}
    SECTION("somebody holds its lock")
    {
        world.hand_off(sys::boot_id().value());
        lock = sys::FileLock::try_acquire(world.directory().get(), store::paths::run_lock).value();
        REQUIRE(lock);
    }
    SECTION("the machine was started since, and may have lost that the hand-off was read")
    {
        world.hand_off("another boot");
    }
    SECTION("the hand-off does not say when it was written") { world.hand_off(""); }
    SECTION("it was started elsewhere")
    {
        world.hand_off(sys::boot_id().value());
        REQUIRE(write_launch(world.directory().get(), {}));
    }
    SECTION("how it was started can't be read")
    {
        world.hand_off(sys::boot_id().value());
        REQUIRE(sys::append_file(world.directory().get(), store::paths::run_launch, "{"));
    }
    CHECK(world.after_scan().state == store::RunState::active);
    CHECK(world.count(store::paths::queue_active) == 1);
}

TEST_CASE("a run whose entry is in new/ as before it was claimed, as a power failure may leave it, is taken up")
{
    World world(0);
    store::QueueItem item{store::paths::queue_entry(world.name, world.record.number, world.record.queued_at),
                          world.name, world.record.number};
    SECTION("it may have begun")
    {
        REQUIRE(store::give_back(world.scratch.root, item));
        CHECK(world.after_scan().state == store::RunState::active);
        CHECK(world.count(store::paths::queue_active) == 1);
    }
    SECTION("it has not begun")
    {
        world.hand_off(sys::boot_id().value());
        REQUIRE(store::give_back(world.scratch.root, item));
        CHECK(world.after_scan().state == store::RunState::queued);
        CHECK(world.count(store::paths::queue_active) == 0);
        CHECK(world.count(store::paths::queue_new) == 1);
        return;
    }
    SECTION("it has ended")
    {
        REQUIRE(store::give_back(world.scratch.root, item));
        world.record.state = store::RunState::succeeded;
        REQUIRE(store::write_run_record(world.scratch.root, world.record));
        CHECK(world.after_scan().state == store::RunState::succeeded);
        CHECK(world.count(store::paths::queue_active) == 0);
    }
    SECTION("the entry was made late, beside the one in active/")
    {
        REQUIRE(
            sys::append_file(world.scratch.root.fd(), fmt::format("{}/{}", store::paths::queue_new, item.entry), ""));
        CHECK(world.after_scan().state == store::RunState::active);
        CHECK(world.count(store::paths::queue_active) == 1);
    }
    CHECK(world.count(store::paths::queue_new) == 0);
}
