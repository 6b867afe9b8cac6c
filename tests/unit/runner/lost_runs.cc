#include "runner/lost_runs.h"

#include <catch2/catch_test_macros.hpp>

#include "store/create_run.h"
#include "store/queue.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::runner;
using store::RunRecord;
using store::RunState;
using tests::repo;

namespace {

struct World {
    tests::ScratchRoot root;
    World() { REQUIRE(sys::make_directories(root.root.fd(), "repos/foo.git/quire")); }

    /// A run that was queued a minute ago, in that state and without its queue entry.
    RunRecord make(RunState state = RunState::queued)
    {
        RunRecord run =
            store::create_runs(root.root, repo("foo"),
                               {{.source = "manual", .ref = "refs/heads/main", .sha = std::string(40, 'a')}})
                .value()[0];
        REQUIRE(store::drop_entry(
            root.root, {store::paths::queue_entry(run.repo, run.number, run.queued_at), run.repo, run.number}));
        run.state = state;
        run.queued_at -= 60 * nanoseconds_per_second;
        UniqueFd directory = sys::open_directory(root.root.fd(), store::paths::run(run.repo, run.number)).value();
        REQUIRE(sys::replace_file(directory.get(), store::paths::record, text::write_fnl(to_data(run))));
        return run;
    }
    std::vector<uint64_t> queued()
    {
        std::vector<uint64_t> numbers;
        auto items = store::list_queue(root.root, store::paths::queue_new).value();
        for (const store::QueueItem& item : items)
            numbers.push_back(item.number);
        return numbers;
    }
    void scan_anew() { REQUIRE(LostRuns(root.root).scan()); }
};

} // namespace

TEST_CASE("a queued run whose maker died before its queue entry is queued, once")
{
    World world;
    world.make(RunState::succeeded);
    world.make();
    world.make(RunState::failed);
    world.make();
    LostRuns lost(world.root.root);
    REQUIRE(lost.scan());
    CHECK(world.queued() == std::vector<uint64_t>{2, 4});
    world.scan_anew();
    CHECK(world.queued() == std::vector<uint64_t>{2, 4});
}

TEST_CASE("what is claimed is not queued a second time")
{
    World world;
    RunRecord run = world.make();
    world.scan_anew();
    store::QueueItem item{store::paths::queue_entry(run.repo, run.number, run.queued_at), run.repo, run.number};
    REQUIRE(store::claim(world.root.root, item).value());
    world.scan_anew();
    CHECK(world.queued().empty());
}

TEST_CASE("a repository on the move is left alone, since its runs wait outside of the queue")
{
    World world;
    world.make();
    std::string moving = std::string("repos/foo.git/") + store::paths::repository_moving;
    REQUIRE(sys::append_file(world.root.root.fd(), moving, "{}"));
    world.scan_anew();
    CHECK(world.queued().empty());
    REQUIRE(sys::unlink_at(world.root.root.fd(), moving));
    world.scan_anew();
    CHECK(world.queued() == std::vector<uint64_t>{1});
}

TEST_CASE("at first it looks down to where enough runs in a row have ended")
{
    World world;
    world.make();
    for (int i = 0; i < 40; ++i)
        world.make(RunState::succeeded);
    world.make();
    world.scan_anew();
    CHECK(world.queued() == std::vector<uint64_t>{42});
}
