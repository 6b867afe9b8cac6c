// A run's phases under a launcher that is none of this machine: no lock, no process, only what a far one can tell.
#include "runner/active_run.h"

#include <catch2/catch_test_macros.hpp>
#include <signal.h>

#include "store/create_run.h"
#include "store/notice.h"
#include "support/scratch_root.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::runner;
using store::RunState;

namespace {

/// What the far side did and was asked for.
struct FarSide {
    LaunchedRun::Ended ended;
    LaunchedRun::Reaped reaped;
    std::vector<int> signals;
    int reaps = 0;
};

struct FarRun final : LaunchedRun {
    explicit FarRun(FarSide& far) : m_far(far) {}
    void watch(Ended ended) override { m_far.ended = std::move(ended); }
    void signal(int number) override { m_far.signals.push_back(number); }
    Result<void> reap(Reaped reaped) override
    {
        ++m_far.reaps;
        m_far.reaped = std::move(reaped);
        return {};
    }
    FarSide& m_far;
};

struct FarLauncher final : Launcher {
    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace&, const LaunchOrder&, sys::FileLock) override
    {
        return fail(ErrorKind::system, "these tests start nothing");
    }
    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) override
    {
        adopted = place.marker;
        return std::unique_ptr<LaunchedRun>(new FarRun(far));
    }
    FarSide far;
    std::string adopted;
};

struct World {
    tests::ScratchRoot root;
    sys::Loop loop;
    FarLauncher launcher;
    Known known;
    store::RepoName name = store::RepoName::parse("foo").value();
    store::RunRecord record{.repo = name};
    std::optional<store::GlobalConfig> config = store::GlobalConfig{};
    std::unique_ptr<ActiveRun> run;
    int done = 0;

    World()
    {
        record = store::create_runs(root.root, name,
                                    {{.source = "push", .ref = "refs/heads/main", .sha = std::string(40, 'a')}})
                     .value()[0];
        store::QueueItem item{store::paths::queue_entry(name, record.number, record.queued_at), name, record.number};
        REQUIRE(store::claim(root.root, item).value());
        record.state = RunState::active;
        record.started_at = now();
        REQUIRE(store::write_run_record(root.root, record));
        run = std::make_unique<ActiveRun>(RunContext{root.root, loop, launcher, known, config}, item, record,
                                          [this] { ++done; });
    }
    void says(std::string_view event)
    {
        REQUIRE(sys::append_file(root.root.fd(),
                                 store::paths::run(name, record.number) + "/" + store::paths::run_events, event));
    }
    void turn() { REQUIRE(loop.turn(0)); }
    store::RunRecord now_recorded() { return store::read_run_record(root.root, name, record.number).value(); }
    bool is_queued() { return !store::list_queue(root.root, store::paths::queue_active).value().empty(); }
};

} // namespace

TEST_CASE("an adopted run goes on for as long as its launcher says that it lives")
{
    World world;
    world.run->adopt(std::nullopt);
    CHECK(world.launcher.adopted.ends_with(".foo.git.1"));
    world.turn();
    CHECK(world.now_recorded().state == RunState::active); // nobody holds its lock, and that means nothing
    world.says("{\"event\":\"run-ended\",\"state\":\"succeeded\",\"reason\":\"all jobs ended well\"}\n");
    world.launcher.far.ended(std::nullopt);
    world.turn();
    CHECK(world.done == 1);
    CHECK(world.run->is_over());
    CHECK(world.now_recorded().state == RunState::succeeded);
    CHECK(world.launcher.far.reaps == 0);
    CHECK_FALSE(world.is_queued());
}

TEST_CASE("a run that died without a word has not ended before what it left is cleared away")
{
    World world;
    world.run->adopt(std::nullopt);
    world.launcher.far.ended(137);
    world.turn();
    CHECK(world.launcher.far.reaps == 1);
    CHECK(world.now_recorded().state == RunState::active);
    world.run->retry();
    CHECK(world.now_recorded().state == RunState::active);
    world.launcher.far.reaped(0);
    world.turn();
    CHECK(world.now_recorded().state == RunState::errored);
    CHECK(world.now_recorded().reason == "quire-ci was killed by signal 9");
    CHECK(world.done == 1);
}

TEST_CASE("a stop is the launcher's to deliver, once")
{
    World world;
    world.run->adopt(std::nullopt);
    world.run->stop({RunState::superseded, "superseded by #2", 2});
    world.run->stop({RunState::canceled, "canceled", 0});
    CHECK(world.launcher.far.signals == std::vector<int>{SIGTERM});
    world.says("{\"event\":\"run-ended\",\"state\":\"canceled\",\"reason\":\"canceled\"}\n");
    world.launcher.far.ended(1);
    world.turn();
    CHECK(world.now_recorded().state == RunState::superseded);
    CHECK(world.now_recorded().superseded_by == 2);
}

TEST_CASE("a run that takes too long is stopped, also one that an earlier runner started")
{
    World world;
    store::GlobalConfig config;
    config.limits.run_timeout = 1;
    world.run->adopt(config);
    world.turn();
    CHECK(world.launcher.far.signals == std::vector<int>{SIGTERM});
    world.launcher.far.ended(143);
    world.launcher.far.reaped(0);
    CHECK(world.now_recorded().state == RunState::timed_out);
}

TEST_CASE("a runner that takes over knows why the one before it stopped a run")
{
    World world;
    UniqueFd run = sys::open_directory(world.root.root.fd(), store::paths::run(world.name, 1)).value();
    REQUIRE(write_stop(run.get(), {RunState::superseded, "superseded by #7", 7}));
    world.run->adopt(std::nullopt);
    world.says("{\"event\":\"run-ended\",\"state\":\"canceled\",\"reason\":\"superseded by #7\"}\n");
    world.launcher.far.ended(std::nullopt);
    CHECK(world.now_recorded().state == RunState::superseded);
    CHECK(world.now_recorded().superseded_by == 7);
    CHECK_FALSE(sys::exists(run.get(), store::paths::run_stop));
}

TEST_CASE("the end of a run is told before the run leaves the queue, where mail can be sent")
{
    World world;
    world.run->adopt(std::nullopt);
    world.says("{\"event\":\"run-ended\",\"state\":\"failed\",\"reason\":\"job a failed\"}\n");
    auto end = [&] {
        world.launcher.far.ended(std::nullopt);
        world.turn();
        CHECK(world.now_recorded().state == RunState::failed);
    };
    auto told = [&] { return store::list_notices(world.root.root).value(); };
    SECTION("it can't: nobody is told")
    {
        end();
        CHECK(told().empty());
        CHECK_FALSE(world.is_queued());
    }
    SECTION("it can")
    {
        world.config->smtp.host = "mail.example.org";
        end();
        REQUIRE(told().size() == 1);
        CHECK(told()[0].name() == "run-ended.foo.git@1");
        CHECK_FALSE(world.is_queued());
    }
    SECTION("nobody knows, since the config can't be read: deliver decides")
    {
        world.config.reset();
        end();
        CHECK(told().size() == 1);
    }
    SECTION("it can't be told yet: the entry stays for another try")
    {
        world.config->smtp.host = "mail.example.org";
        REQUIRE(sys::remove_tree(world.root.root.fd(), store::paths::queue_notices));
        REQUIRE(sys::append_file(world.root.root.fd(), store::paths::queue_notices, "in the way"));
        end();
        CHECK(world.is_queued());
    }
}
