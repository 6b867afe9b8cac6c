#include "sys/process_tree.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "sys/file.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::sys;

namespace {

/// A shell that prints a line when its children are up, and then sleeps.
struct Tree {
    explicit Tree(const std::string& script)
    {
        Pipe pipe = make_pipe().value();
        Command command;
        command.argv = {"sh", "-c", script};
        command.output = pipe.writer.get();
        set_variable(command.environment, "QUIRE_TREE", "a value");
        process.emplace(spawn(command).value());
        pipe.writer.reset();
        REQUIRE(read_some(pipe.reader.get(), 16).value() == "up\n");
    }
    ~Tree()
    {
        while (kill_descendants(process->pid()) > 0) {
        }
        (void)process->signal(SIGKILL);
        (void)process->wait();
    }
    pid_t pid() const { return process->pid(); }

    std::optional<Process> process;
};

bool contains(const std::vector<ProcessEntry>& entries, pid_t pid)
{
    return std::any_of(entries.begin(), entries.end(), [&](const ProcessEntry& e) { return e.pid == pid; });
}

} // namespace

TEST_CASE("descendants are what is below, whatever session it made, and not the root")
{
    Tree tree("sh -c 'sleep 1000 & setsid sleep 1000 & echo up; wait' & wait");
    std::vector<ProcessEntry> below = descendants_of(tree.pid());
    CHECK(below.size() == 3);
    CHECK_FALSE(contains(below, tree.pid()));
    CHECK(below.front().parent == tree.pid());
    CHECK(descendants_of(below.back().pid).empty());
    CHECK(contains(list_processes(), tree.pid()));
    CHECK(contains(descendants_of(::getpid()), tree.pid()));
}

TEST_CASE("killing what is below leaves the root, and takes what ignores TERM or is stopped")
{
    Tree tree("trap : CHLD; (trap '' TERM; while :; do sleep 1000; done) & sleep 1000 & echo up; kill -STOP $!; while "
              ":; do wait; done");
    CHECK(signal_descendants(tree.pid(), SIGTERM) >= 2);
    size_t rounds = 0;
    while (kill_descendants(tree.pid()) > 0)
        REQUIRE(++rounds < 10'000);
    CHECK(contains(list_processes(), tree.pid()));
}

TEST_CASE("a group is stopped as a whole, if it is that of a child, also of one that is gone")
{
    auto is_stopped = [](pid_t pid) {
        std::string stat = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/stat").value();
        return stat.substr(stat.rfind(')') + 2, 1) == "T";
    };
    auto are_stopped = [&](const std::vector<ProcessEntry>& entries) {
        int64_t deadline = monotonic_now() + 60 * nanoseconds_per_second;
        while (!std::all_of(entries.begin(), entries.end(), [&](const ProcessEntry& e) { return is_stopped(e.pid); }))
            if (monotonic_now() > deadline)
                return false;
        return true;
    };
    Tree tree("setsid sh -c 'sleep 1000 & sleep 1000 & echo up; wait' & wait");
    std::vector<ProcessEntry> below = descendants_of(tree.pid());
    REQUIRE(below.size() == 3);
    pid_t leader = below[0].pid;
    CHECK_FALSE(stop_group_of(leader, ::getpid())); // it is not our child
    CHECK_FALSE(stop_group_of(0, tree.pid()));
    CHECK_FALSE(stop_group_of(1, tree.pid()));
    CHECK_FALSE(is_stopped(leader));
    CHECK(stop_group_of(leader, tree.pid()));
    CHECK(are_stopped(below));
    CHECK_FALSE(is_stopped(tree.pid()));
    for (pid_t pid : {below[1].pid, below[2].pid, leader})
        ::kill(pid, pid == leader ? SIGKILL : SIGCONT);
    while (contains(list_processes(), leader))
        ::usleep(1000);
    CHECK(stop_group_of(leader, tree.pid()));
    CHECK(are_stopped({below[1], below[2]}));
    for (const ProcessEntry& entry : {below[1], below[2]})
        ::kill(entry.pid, SIGKILL);
}

TEST_CASE("a process is found by what stands in its environment, exactly")
{
    Tree tree("sleep 1000 & echo up; wait");
    // Tests that run beside this one have such trees, too: count those of ours. While a program is being loaded, its
    // environment can't be read yet.
    auto found = [&] {
        std::vector<ProcessEntry> all = processes_with_variable("QUIRE_TREE=a value");
        return std::count_if(all.begin(), all.end(), [&](const ProcessEntry& entry) {
            return entry.pid == tree.pid() || entry.parent == tree.pid();
        });
    };
    int64_t deadline = monotonic_now() + 60 * nanoseconds_per_second;
    while (found() < 2 && monotonic_now() < deadline)
        ::usleep(1000);
    CHECK(found() == 2);
    CHECK(processes_with_variable("QUIRE_TREE=a val").empty());
    CHECK(processes_with_variable("REE=a value").empty());
}

TEST_CASE("a number that belongs to somebody else by now is not signalled")
{
    Tree tree("echo up; exec sleep 1000");
    CHECK_FALSE(signal_entry({tree.pid(), ::getpid() + 1}, SIGKILL));
    CHECK(contains(list_processes(), tree.pid()));
    CHECK(signal_entry({tree.pid(), ::getpid()}, SIGKILL));
    (void)tree.process->wait();
    CHECK_FALSE(signal_entry({tree.pid(), ::getpid()}, SIGKILL));
}
