// The worker's rule, with kinds and commands of the test's own.
#include "runner/tasks.h"

#include <catch2/catch_test_macros.hpp>

#include <sched.h>
#include <signal.h>

#include "runner/marker.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/process_tree.h"

using namespace quire;
using namespace quire::runner;
using store::Task;
using store::TaskPlace;
using tests::repo;

namespace {

constexpr int64_t second = nanoseconds_per_second;

constexpr TaskKind test_kinds[] = {
    {"good", "exit 0", 60 * second, Weight::light},
    {"bad", "echo first >&2; echo 'quire: it is broken' >&2; exit 3", 60 * second, Weight::light},
    {"slow", "sleep 600 & sleep 600", 60 * second, Weight::heavy},
    {"late", "trap '' TERM; sleep 600 & sleep 600; sleep 600", second / 20, Weight::heavy},
    {"heavy", "exit 0", 60 * second, Weight::heavy},
    {"prompt", "sleep 600", 60 * second, Weight::light, Start::at_once, sys::Priority::low},
};

void kill_marked(const std::string& marker)
{
    for (const sys::ProcessEntry& process : sys::processes_with_variable(marker)) {
        sys::kill_descendants(process.pid);
        sys::signal_entry(process, SIGKILL);
    }
}

struct World {
    tests::ScratchRoot root;
    sys::Loop loop;
    Complaints complaints;
    std::vector<std::string> started, ended;
    std::unique_ptr<Tasks> tasks;

    World()
    {
        REQUIRE(sys::make_directories(root.root.fd(), "repos/foo.git"));
        restart();
    }
    /// As a runner that is killed and comes back: what works, works on.
    void restart()
    {
        tasks = std::make_unique<Tasks>(
            root.root, loop, test_kinds,
            [](const TaskKind& kind, const Task&) {
                return sys::Command{.argv = {"/bin/sh", "-c", std::string(kind.verb)}};
            },
            complaints,
            Tasks::Listener{[this](const Task& task) { started.push_back(task.id()); },
                            [this](const Task& task, bool well) { ended.push_back((well ? "+" : "-") + task.id()); }});
    }
    void add(const char* kind, bool of_repository = false)
    {
        REQUIRE(store::add_task(root.root,
                                {.kind = kind, .repo = of_repository ? std::optional(repo("foo")) : std::nullopt}));
    }
    /// Until so many have ended.
    void wait(size_t count)
    {
        int64_t deadline = monotonic_now() + 60 * second;
        while (ended.size() < count && monotonic_now() < deadline)
            REQUIRE(loop.turn(second / 20));
        REQUIRE(ended.size() >= count);
    }
    std::vector<Task> waiting() { return store::list_tasks(root.root, TaskPlace::waiting).value(); }
    std::vector<Task> active() { return store::list_tasks(root.root, TaskPlace::active).value(); }
    ~World()
    {
        // What these tests leave at work.
        for (const Task& task : active())
            kill_marked(fmt::format("QUIRE_TASK={}{}", marker_prefix(root.root).value(), task.id()));
    }
};

} // namespace

TEST_CASE("a task that succeeds is gone, and nothing is started while runs have the machine")
{
    World world;
    world.add("good", true);
    world.tasks->scan(false);
    CHECK_FALSE(world.tasks->is_working());
    CHECK(world.tasks->is_due());
    world.tasks->scan(true);
    CHECK(world.tasks->is_working_on("good.foo.git"));
    world.wait(1);
    CHECK(world.ended == std::vector<std::string>{"+good.foo.git"});
    CHECK(world.waiting().empty());
    CHECK(world.active().empty());
    CHECK_FALSE(world.tasks->is_due());
}

TEST_CASE("one that fails waits longer each time, and starves nobody")
{
    World world;
    world.add("bad");
    world.tasks->scan(true);
    world.wait(1);
    REQUIRE(world.waiting().size() == 1);
    Task task = world.waiting()[0];
    CHECK(task.attempts == 1);
    CHECK(task.last_error == "it is broken");
    CHECK(task.not_before > now());
    CHECK(task.not_before <= now() + back_off(1));
    // However often it is looked at, and asked for again.
    for (int i = 0; i < 100; ++i) {
        world.add("bad");
        world.tasks->scan(true);
    }
    CHECK(world.started.size() == 1);
    world.add("good");
    world.tasks->scan(true);
    world.wait(2);
    CHECK(world.ended.back() == "+good");
    task.not_before = now() - 1;
    REQUIRE(store::rewrite_task(world.root.root, task));
    world.tasks->scan(true);
    world.wait(3);
    CHECK(world.waiting().at(0).attempts == 2);
}

TEST_CASE("the first attempt gets the time that nobody wants, unless its kind says more; the second gets a little")
{
    World world;
    auto policy_of = [&](const std::string& kind) {
        std::string marker = fmt::format("QUIRE_TASK={}{}", marker_prefix(world.root.root).value(), kind);
        auto processes = sys::processes_with_variable(marker);
        return processes.empty() ? -1 : ::sched_getscheduler(processes[0].pid);
    };
    world.add("slow");
    world.add("prompt");
    REQUIRE(store::add_task(world.root.root, {.kind = "slow", .subject = "again", .attempts = 1}));
    world.tasks->scan(true);
    CHECK(policy_of("slow") == SCHED_IDLE);
    CHECK(policy_of("prompt") == SCHED_OTHER);
    kill_marked(fmt::format("QUIRE_TASK={}slow", marker_prefix(world.root.root).value()));
    world.wait(1);
    world.tasks->scan(true);
    CHECK(policy_of("slow@again") == SCHED_OTHER);
}

TEST_CASE("the back-off doubles up to an hour, and no clock that was ahead makes it longer")
{
    CHECK(back_off(1) == 15 * second);
    CHECK(back_off(2) == 30 * second);
    CHECK(back_off(9) == 3600 * second);
    CHECK(back_off(1'000'000) == 3600 * second);
    World world;
    world.add("good");
    Task task = world.waiting()[0];
    task.not_before = now() + 48 * 3600 * second;
    REQUIRE(store::rewrite_task(world.root.root, task));
    CHECK(world.tasks->is_due());
}

TEST_CASE("one that takes too long is ended with all that it started, also against its will")
{
    World world;
    world.add("late");
    world.tasks->scan(true);
    world.wait(1);
    CHECK(world.waiting().at(0).last_error.starts_with("it took longer than "));
    CHECK(
        sys::processes_with_variable(fmt::format("QUIRE_TASK={}late", marker_prefix(world.root.root).value())).empty());
}

TEST_CASE("light kinds don't wait for heavy ones, and heavy ones work one at a time")
{
    World world;
    world.add("slow");
    world.tasks->scan(true);
    world.add("heavy");
    world.add("good");
    world.tasks->scan(true);
    world.wait(1);
    CHECK(world.ended == std::vector<std::string>{"+good"});
    CHECK_FALSE(world.tasks->is_working_on("heavy"));
}

TEST_CASE("what an earlier runner started is left alone while it works, and taken up when it died")
{
    World world;
    world.add("slow");
    world.tasks->scan(true);
    std::string marker = fmt::format("QUIRE_TASK={}slow", marker_prefix(world.root.root).value());
    world.restart();
    world.tasks->scan(true);
    CHECK(world.tasks->is_working_on("slow"));
    world.add("slow"); // asked for again meanwhile
    world.tasks->scan(true);
    CHECK(world.started.size() == 1);
    int64_t deadline = monotonic_now() + 60 * second;
    while (world.started.size() < 2 && monotonic_now() < deadline) {
        // Each time again: while a program is being loaded, its environment can't be read yet.
        if (world.started.size() == 1)
            kill_marked(marker);
        world.tasks->scan(true);
        REQUIRE(world.loop.turn(second / 100));
    }
    REQUIRE(world.started.size() == 2);
    CHECK(world.active().at(0).attempts == 1);
}

TEST_CASE("a task of a repository that is gone is dropped, and one of a repository on the move waits")
{
    World world;
    REQUIRE(store::add_task(world.root.root, {.kind = "good", .repo = repo("gone")}));
    REQUIRE(sys::make_directories(world.root.root.fd(), "repos/foo.git/quire"));
    std::string moving = std::string("repos/foo.git/") + store::paths::repository_moving;
    REQUIRE(sys::append_file(world.root.root.fd(), moving, "{}"));
    world.add("good", true);
    world.tasks->scan(true);
    CHECK(world.started.empty());
    REQUIRE(world.waiting().size() == 1);
    REQUIRE(sys::unlink_at(world.root.root.fd(), moving));
    world.tasks->scan(true);
    world.wait(1);
    CHECK(world.waiting().empty());
}

TEST_CASE("a task that fails because its repository was removed meanwhile is dropped")
{
    World world;
    world.add("bad", true);
    world.tasks->scan(true);
    REQUIRE(world.started.size() == 1);
    REQUIRE(sys::remove_tree(world.root.root.fd(), "repos/foo.git"));
    world.wait(1);
    CHECK(world.waiting().empty());
    CHECK(world.active().empty());
}

TEST_CASE("a kind that nobody knows is kept and keeps nobody")
{
    World world;
    world.add("from-the-future");
    world.add("good");
    world.tasks->scan(true);
    world.wait(1);
    CHECK(world.waiting().size() == 1);
    CHECK_FALSE(world.tasks->is_due());
}
