// What the kernel tells of a control group is played here by a tree of plain files, so that it is the same on each
// machine. That real groups of version 2 look like this is shown by tests/e2e/limits, on machines that have them, and
// by tests/soak/cgroups, which brings one along.
#include "init/command_group.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "support/scratch.h"

using namespace quire;
using namespace quire::init;
namespace fs = std::filesystem;

namespace {

constexpr const char* quiet_events = "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n";

struct FakeKernel : tests::Scratch {
    /// `path`: the group's, below where all are mounted.
    void add_group(const std::string& path, const std::string& processes, const std::string& events = quiet_events)
    {
        fs::create_directories(mount() + path);
        write("cgroup" + path + "/cgroup.procs", processes);
        write("cgroup" + path + "/memory.events", events);
        write("cgroup" + path + "/memory.peak", "1048576\n");
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path() + "/" + name) << text; }
    std::string mount() const { return path() + "/cgroup"; }
    std::optional<CommandGroup> find(const std::string& membership) const
    {
        write("membership", membership);
        return CommandGroup::find(1, path() + "/membership", mount());
    }
};

} // namespace

TEST_CASE("command group: a container's group is found by its name, or as the uppermost that a container sees")
{
    FakeKernel kernel;
    kernel.add_group("/engine/one", "1\n");
    CHECK(kernel.find("0::/engine/one\n"));
    CHECK(kernel.find("1:name=systemd:/other\n0::/engine/one\n")); // some machines have both versions
    CHECK_FALSE(kernel.find("0::/engine/two\n"));
    kernel.add_group("", "1\n");
    CHECK(kernel.find("0::/\n"));
    CHECK(kernel.find("0::/engine/two\n"));
}

TEST_CASE("command group: a group with others in it is not a job's alone")
{
    FakeKernel kernel;
    for (const char* processes : {"1\n7\n", "0\n1\n", "0\n", "7\n", "11\n", ""}) {
        INFO(processes);
        kernel.add_group("/shared", processes);
        CHECK_FALSE(kernel.find("0::/shared\n"));
    }
}

TEST_CASE("command group: its processes are counted without ours, and those that made the place")
{
    FakeKernel kernel;
    kernel.add_group("/one", "1\n");
    auto own = kernel.find("0::/one\n");
    REQUIRE(own);
    CHECK(own->to_enter().empty());
    for (const auto& [list, processes] :
         {std::pair("", 0u), {"1\n", 0u}, {"0\n0\n1\n7\n", 0u}, {"0\n1\n7\n8\n10\n", 2u}}) {
        kernel.write("cgroup/one/cgroup.procs", list);
        CHECK(own->processes(1) == processes); // quire-init and one keeper
    }
    CommandGroup job = CommandGroup::of_job(kernel.mount() + "/one", true);
    CHECK(job.to_enter() == kernel.mount() + "/one");
    CHECK(job.processes(1) == 4); // neither is in it
    own->kill();
    CHECK_FALSE(fs::exists(kernel.mount() + "/one/cgroup.kill"));
    kernel.write("cgroup/one/cgroup.kill", "");
    own->kill(); // would end us, too
    CHECK(fs::file_size(kernel.mount() + "/one/cgroup.kill") == 0);
    job.kill();
    CHECK(fs::file_size(kernel.mount() + "/one/cgroup.kill") == 1);
}

TEST_CASE("command group: where version 2 does not count memory there is none")
{
    FakeKernel kernel;
    kernel.add_group("/one", "1\n", "low 0\n"); // before Linux 4.13
    CHECK_FALSE(kernel.find("0::/one\n"));
    fs::remove(kernel.mount() + "/one/memory.events"); // the uppermost group, or the controller is off
    CHECK_FALSE(kernel.find("0::/one\n"));
    CHECK_FALSE(kernel.find("4:memory:/one\n"));
    CHECK_FALSE(kernel.find("0::\n"));
    CHECK_FALSE(kernel.find(""));
    CHECK_FALSE(CommandGroup::find(1, kernel.path() + "/missing", kernel.mount()));
}

TEST_CASE("command group: its figures are those of its own lines")
{
    FakeKernel kernel;
    kernel.add_group("/one", "1\n", "low 9\nhigh 8\nmax 7\noom 3\noom_kill 2\noom_group_kill 5\n");
    auto group = kernel.find("0::/one\n");
    REQUIRE(group);
    GroupMemory memory = group->memory();
    CHECK(memory.peak == 1048576);
    CHECK(memory.full == 3);
    CHECK(memory.kills == 2);
    fs::remove(kernel.mount() + "/one/memory.peak"); // before Linux 5.19
    CHECK(group->memory().peak == 0);
    CHECK(group->memory().kills == 2);
}

TEST_CASE("command group: why a command ended is told by what the group counted while it ran")
{
    GroupMemory before{.peak = 0, .full = 1, .kills = 1};
    GroupMemory limit_reached{.peak = 0, .full = 2, .kills = 2}, machine_full{.peak = 0, .full = 1, .kills = 2};
    CHECK(judge_group(before, before, true, true) == Excess::none); // somebody else killed it
    CHECK(judge_group(before, {.peak = 0, .full = 2, .kills = 1}, false, true) == Excess::none);
    CHECK(judge_group(before, limit_reached, true, true) == Excess::memory);
    CHECK(judge_group(before, limit_reached, true, false) == Excess::machine); // not the job's own limit
    CHECK(judge_group(before, machine_full, true, true) == Excess::machine);
    CHECK(judge_group(before, limit_reached, false, true) == Excess::part);
}
