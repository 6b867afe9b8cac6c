// What the list of repositories shows never changes without the watch's state, and stays known while nothing does.
#include "web/keep/list_watch.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "base/time.h"
#include "support/scratch_root.h"

using namespace quire;
namespace fs = std::filesystem;

namespace {

struct Forge : tests::ScratchRoot {
    Forge() { add("foo"), add("work/bar"); }

    std::string at(const std::string& relative) const { return path() + "/" + relative; }
    void add(const std::string& name) const
    {
        fs::create_directories(at("repos/" + name + ".git/quire"));
        fs::create_directories(at("repos/" + name + ".git/refs/heads"));
        write("repos/" + name + ".git/quire/config.fnl", "{:description \"one\"}\n");
    }
    void write(const std::string& relative, const std::string& text) const { std::ofstream(at(relative)) << text; }
    void append(const std::string& relative) const { std::ofstream(at(relative), std::ios::app) << "{}\n"; }
};

/// The state when it is known.
std::string settled(web::ListWatch& watch)
{
    int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
    while (monotonic_now() < end)
        if (auto state = watch.state())
            return *state;
    FAIL("the state was never known");
    return {};
}

} // namespace

TEST_CASE("list watch: the state stays while nothing changes, also when everything is read")
{
    Forge forge;
    web::ListWatch watch(forge.root);
    CHECK_FALSE(watch.state()); // nothing is watched before somebody asks
    std::string state = settled(watch);
    std::ifstream(forge.at("repos/foo.git/quire/config.fnl")).get();
    for (const auto& entry : fs::recursive_directory_iterator(forge.at("repos")))
        static_cast<void>(fs::last_write_time(entry));
    CHECK(watch.state() == state);
}

TEST_CASE("list watch: a change to what the list shows is known at once")
{
    Forge forge;
    forge.write("repos/foo.git/quire/pushes.jsonl", "");
    fs::create_directories(forge.at("runs/foo.git/1"));
    web::ListWatch watch(forge.root);
    std::string state = settled(watch);
    auto change = GENERATE(as<std::string>(), "settings written", "settings replaced", "settings gone",
                           "settings' mode", "a push", "first push", "a run", "a run gone");
    INFO(change);
    if (change == "settings written")
        forge.write("repos/work/bar.git/quire/config.fnl", "{:private true}\n");
    if (change == "settings replaced")
        forge.write("new", "{}"), fs::rename(forge.at("new"), forge.at("repos/foo.git/quire/config.fnl"));
    if (change == "settings gone")
        fs::remove(forge.at("repos/foo.git/quire/config.fnl"));
    if (change == "settings' mode")
        fs::permissions(forge.at("repos/foo.git/quire/config.fnl"), fs::perms::none);
    if (change == "a push")
        forge.append("repos/foo.git/quire/pushes.jsonl");
    if (change == "first push")
        forge.append("repos/work/bar.git/quire/pushes.jsonl");
    if (change == "a run")
        fs::create_directory(forge.at("runs/foo.git/2"));
    if (change == "a run gone")
        fs::remove(forge.at("runs/foo.git/1"));
    auto now = watch.state();
    REQUIRE(now);
    CHECK(*now != state);
    CHECK(watch.state() == now);
}

TEST_CASE("list watch: repositories that come and go make the state unknown, then another one")
{
    Forge forge;
    web::ListWatch watch(forge.root);
    std::string state = settled(watch);
    auto change = GENERATE(as<std::string>(), "made", "made in a group", "group made", "removed", "renamed",
                           "group renamed", "first run", "repos replaced");
    INFO(change);
    if (change == "made")
        forge.add("baz");
    if (change == "made in a group")
        forge.add("work/baz");
    if (change == "group made")
        fs::create_directory(forge.at("repos/play"));
    if (change == "removed")
        fs::remove_all(forge.at("repos/foo.git"));
    if (change == "renamed")
        fs::rename(forge.at("repos/foo.git"), forge.at("repos/fou.git"));
    if (change == "group renamed")
        fs::rename(forge.at("repos/work"), forge.at("repos/play"));
    if (change == "first run")
        fs::create_directories(forge.at("runs/foo.git/1"));
    if (change == "repos replaced")
        fs::rename(forge.at("repos"), forge.at("old")), fs::create_directory(forge.at("repos"));
    CHECK_FALSE(watch.state());
    std::string after = settled(watch);
    CHECK(after != state);
}

TEST_CASE("list watch: what comes is watched too")
{
    Forge forge;
    web::ListWatch watch(forge.root);
    settled(watch);
    forge.add("late/one");
    fs::create_directories(forge.at("runs/late/one.git"));
    std::string state = settled(watch);
    forge.append("repos/late/one.git/quire/pushes.jsonl");
    CHECK(watch.state() != state);
    state = settled(watch);
    fs::create_directory(forge.at("runs/late/one.git/1"));
    CHECK(watch.state() != state);
}

TEST_CASE("list watch: its owner is called whenever all is watched, without being asked")
{
    Forge forge;
    std::atomic<int> calls = 0;
    std::optional<std::string> seen;
    web::ListWatch* self = nullptr;
    web::ListWatch watch(forge.root, [&] {
        seen = self->state();
        ++calls;
    });
    self = &watch;
    constexpr int64_t long_enough = 20 * nanoseconds_per_second;
    watch.await(long_enough);
    REQUIRE(calls == 1);
    REQUIRE(seen);
    CHECK(watch.state() == *seen);
    forge.add("late");
    CHECK_FALSE(watch.state());
    watch.await(long_enough);
    CHECK(calls == 2);
    CHECK(watch.state() == *seen);
    watch.await(long_enough); // nothing is to be done
    CHECK(calls == 2);
}
