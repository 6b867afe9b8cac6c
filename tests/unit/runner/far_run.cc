#include "runner/far_run.h"

#include <catch2/catch_test_macros.hpp>

#include "runner/slurm_queue.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::runner;
namespace paths = store::paths;

TEST_CASE("the hand-off and the lock tell how a far run stands")
{
    tests::Scratch scratch;
    REQUIRE(sys::make_directories(scratch.fd(), "run"));
    UniqueFd run = sys::open_directory(scratch.fd(), "run").value();
    REQUIRE(sys::append_file(run.get(), paths::run_dispatch, "{}"));
    CHECK(far_state(run.get()) == FarState::not_begun);
    {
        auto lock = sys::FileLock::try_acquire(run.get(), paths::run_lock).value();
        REQUIRE(lock);
        CHECK(far_state(run.get()) == FarState::working); // it is about to take the hand-off
        REQUIRE(sys::unlink_at(run.get(), paths::run_dispatch));
        CHECK(far_state(run.get()) == FarState::working);
    }
    CHECK(far_state(run.get()) == FarState::over);
    CHECK(take_handoff_back(run.get()).value() == false);
    REQUIRE(sys::append_file(run.get(), paths::run_dispatch, "{}"));
    CHECK(take_handoff_back(run.get()).value() == true);
    CHECK(far_state(run.get()) == FarState::over);
}

TEST_CASE("how a run was started is there for a later runner")
{
    tests::Scratch scratch;
    CHECK(!read_launch(scratch.fd()).value());
    Launch slurm;
    slurm.launcher.is_slurm = true;
    slurm.launcher.slurm_options = {"--partition=a b", "--time=1"};
    slurm.script = "#!/bin/sh\nexec 'it''s'\n";
    REQUIRE(write_launch(scratch.fd(), slurm));
    auto read = read_launch(scratch.fd()).value();
    REQUIRE(read);
    CHECK(read->launcher.is_slurm);
    CHECK(read->launcher.slurm_options == slurm.launcher.slurm_options);
    CHECK(read->script == slurm.script);
    REQUIRE(write_launch(scratch.fd(), {.launcher = {.prefix = {"ssh", "worker"}}}));
    read = read_launch(scratch.fd()).value();
    REQUIRE(read);
    CHECK(!read->launcher.is_slurm);
    CHECK(read->launcher.prefix == std::vector<std::string>{"ssh", "worker"});
    REQUIRE(sys::unlink_at(scratch.fd(), paths::run_launch));
    REQUIRE(sys::append_file(scratch.fd(), paths::run_launch, "{:slurm"));
    CHECK(!read_launch(scratch.fd()));
}

TEST_CASE("what squeue prints")
{
    SlurmJobs jobs =
        read_squeue("10|COMPLETED|quire-a\n9|NODE_FAIL|quire-a\n11|RUNNING|quire-b|c\n\n12|PENDING|\nrubbish\n");
    REQUIRE(jobs.size() == 2);
    CHECK(find_job(jobs, "quire-a")->id == "10"); // the newest
    CHECK(find_job(jobs, "quire-b|c")->id == "11");
    CHECK(find_job(jobs, "quire-c") == nullptr);
    CHECK(is_alive(*find_job(jobs, "quire-b|c")));
    CHECK_FALSE(is_alive(*find_job(jobs, "quire-a")));
    jobs = read_squeue("1|RUNNING|quire-a\n2|CANCELLED|quire-a\n");
    CHECK(find_job(jobs, "quire-a")->id == "1"); // the one that is alive
    CHECK(is_alive({.id = "1", .state = "COMPLETING"}));
    CHECK(is_alive({.id = "1", .state = "A_STATE_OF_LATER_RELEASES"}));
}
