// Cron: what is due fires once, whatever was missed and whenever the runner dies. The clock is the test's.
#include "runner/sources.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "forge/refresh_sources.h"
#include "store/create_run.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/loop.h"

using namespace quire;
using namespace quire::runner;

namespace {

constexpr int64_t minute = 60 * nanoseconds_per_second;
constexpr int64_t hour = 60 * minute;
const Instant noon = parse_instant("2030-06-03T12:00:30Z").value();

struct World {
    tests::ScratchRoot root;
    store::RepoName name = store::RepoName::parse("foo").value();
    UniqueFd repository;
    bool is_asked = false;
    int refreshed = 0;
    std::optional<Sources> sources;

    World()
    {
        std::string path = store::paths::repository(name);
        REQUIRE(sys::make_directories(root.root.fd(), path + "/refs/heads").has_value());
        repository = root.root.open_repository(name).value();
        put("HEAD", "ref: refs/heads/main\n");
        put("refs/heads/main", std::string(40, 'a') + "\n");
        restart();
    }
    void put(const std::string& file, std::string_view content)
    {
        size_t slash = file.rfind('/');
        UniqueFd directory =
            sys::open_directory(repository.get(), slash == file.npos ? "." : file.substr(0, slash)).value();
        REQUIRE(sys::replace_file(directory.get(), slash == file.npos ? file : file.substr(slash + 1), content)
                    .has_value());
    }
    void registers(std::vector<store::CronSource> cron, std::string error = "")
    {
        store::RepositorySources all{.sha = std::string(40, 'a'),
                                     .ref = "refs/heads/main",
                                     .looked_at = quire::now() + minute,
                                     .error = std::move(error),
                                     .cron = std::move(cron)};
        REQUIRE(store::write_sources(repository.get(), all).has_value());
    }
    /// As a runner that dies and comes back.
    void restart()
    {
        sources.emplace(root.root, [this](const store::RepoName&) -> Result<void> {
            is_asked = true;
            return {};
        });
    }
    std::vector<store::RunRecord> runs()
    {
        std::vector<store::RunRecord> records;
        auto numbers = store::newest_runs(root.root, name, 1000); // a range over a temporary's value would dangle
        REQUIRE(numbers.has_value());
        for (uint64_t number : *numbers)
            records.push_back(store::read_run_record(root.root, name, number).value());
        return records;
    }
    store::CronTick tick(const std::string& source)
    {
        return store::read_cron_tick(repository.get(), source).value().value();
    }
};

} // namespace

TEST_CASE("a cron source fires when it is due, once, with all that a run needs")
{
    World world;
    world.registers({{"weekly", "0 3 * * 1"}, {"hourly", "hourly"}});
    world.sources->scan(noon);
    CHECK(world.runs().empty()); // it is new: the past is not its business
    CHECK(world.sources->next_due() == parse_instant("2030-06-03T13:00:00Z").value());
    world.sources->scan(noon + 59 * minute);
    CHECK(world.runs().empty());
    world.sources->scan(noon + hour);
    REQUIRE(world.runs().size() == 1);
    store::RunRecord run = world.runs()[0];
    CHECK(run.source == "cron");
    CHECK(run.event == "hourly");
    CHECK(run.ref == "refs/heads/main");
    CHECK(run.sha == std::string(40, 'a'));
    CHECK(run.state == store::RunState::queued);
    world.sources->scan(noon + hour);
    world.sources->scan(noon + hour + 20 * minute);
    CHECK(world.runs().size() == 1);
    CHECK(world.sources->next_due() == parse_instant("2030-06-03T14:00:00Z").value());
    CHECK_FALSE(world.is_asked);
}

TEST_CASE("however many ticks were missed, one run makes up for them")
{
    World world;
    world.registers({{"hourly", "hourly"}, {"weekly", "0 3 * * 1"}});
    world.sources->scan(noon);
    world.restart();
    world.sources->scan(noon + 100 * hour);
    REQUIRE(world.runs().size() == 1);
    CHECK(world.runs()[0].event == "hourly");
    CHECK(world.tick("hourly").tick == noon / hour * hour + 100 * hour);
    world.sources->scan(noon + 100 * hour + minute);
    world.restart();
    world.sources->scan(noon + 100 * hour + minute);
    CHECK(world.runs().size() == 1);
    world.sources->scan(noon + 2000 * hour);
    CHECK(world.runs().size() == 3);
}

TEST_CASE("a crash between the tick and its run loses nothing and doubles nothing")
{
    World world;
    world.registers({{"hourly", "hourly"}});
    world.sources->scan(noon);
    Instant due = noon / hour * hour + hour;
    SECTION("the run was not made yet")
    {
        REQUIRE(
            store::write_cron_tick(world.repository.get(), "hourly", {"hourly", noon, due, quire::now()}).has_value());
        world.restart();
        world.sources->scan(due + minute);
        CHECK(world.runs().size() == 1);
    }
    SECTION("the run was made, its end not noted")
    {
        store::CronTick before = world.tick("hourly");
        before.pending = due;
        before.pending_since = quire::now();
        world.sources->scan(due + minute);
        REQUIRE(world.runs().size() == 1);
        REQUIRE(store::write_cron_tick(world.repository.get(), "hourly", before).has_value());
        world.restart();
        world.sources->scan(due + minute);
        CHECK(world.runs().size() == 1);
        CHECK(world.tick("hourly").pending == 0);
    }
    CHECK(world.tick("hourly").tick == due);
    world.sources->scan(due + hour);
    CHECK(world.runs().size() == 2);
}

TEST_CASE("a schedule that has changed, and a source that went and came back, count from now")
{
    World world;
    world.registers({{"nightly", "0 3 * * *"}});
    world.sources->scan(noon);
    world.registers({{"nightly", "0 11 * * *"}});
    world.sources->scan(noon + 26 * hour); // 14:00 of the next day
    CHECK(world.runs().empty());
    CHECK(world.sources->next_due() == noon / hour * hour + 47 * hour);
    world.registers({});
    world.sources->scan(noon + 27 * hour);
    CHECK(world.sources->next_due() == 0);
    CHECK_FALSE(store::read_cron_tick(world.repository.get(), "nightly").value().has_value());
    world.registers({{"nightly", "0 11 * * *"}});
    world.sources->scan(noon + 1000 * hour);
    CHECK(world.runs().empty());
    // A pipeline that is broken for a while forgets nothing.
    world.registers({}, ".quire/ci.fnl:1:1: no");
    world.sources->scan(noon + 1001 * hour);
    world.registers({{"nightly", "0 11 * * *"}});
    world.sources->scan(noon + 1030 * hour);
    CHECK(world.runs().size() == 1);
}

TEST_CASE("a clock that was ahead leaves no source silent")
{
    World world;
    world.registers({{"hourly", "hourly"}});
    world.sources->scan(noon + 10000 * hour);
    world.restart();
    world.sources->scan(noon);
    world.sources->scan(noon + hour);
    CHECK(world.runs().size() == 1);
}

TEST_CASE("a frozen repository and one on the move don't fire, and make up for it later")
{
    World world;
    world.registers({{"hourly", "hourly"}});
    world.sources->scan(noon);
    bool is_move = GENERATE(false, true);
    std::string file = is_move ? store::paths::repository_moving : store::paths::repository_config;
    world.put(file, is_move ? "{}" : "{:frozen true}\n");
    world.sources->scan(noon + hour);
    CHECK(world.runs().empty());
    REQUIRE(sys::unlink_at(world.repository.get(), file).has_value());
    world.sources->scan(noon + hour + 2 * minute);
    CHECK(world.runs().size() == 1);
}

TEST_CASE("a source's name can be anything that a pipeline may call it")
{
    World world;
    world.registers({{"..", "hourly"}, {"täglich um 3", "hourly"}, {".", "hourly"}});
    world.sources->scan(noon);
    world.sources->scan(noon + hour);
    CHECK(world.runs().size() == 3);
    CHECK(sys::list_directory(world.repository.get(), store::paths::cron_ticks).value().size() == 3);
}

TEST_CASE("the default branch is looked into when it has moved, and only then")
{
    World world;
    auto settle = [&](bool succeeds = true) {
        while (std::exchange(world.is_asked, false)) {
            world.sources->refresh_begins(world.name);
            world.refreshed += succeeds;
            world.sources->refresh_ended(world.name, succeeds);
            if (succeeds)
                world.sources->scan(noon);
        }
    };
    world.sources->scan(noon);
    settle();
    CHECK(world.refreshed == 1); // nobody has looked yet
    world.sources->scan(noon);
    CHECK_FALSE(world.is_asked);
    world.put("refs/heads/other", std::string(40, 'b') + "\n");
    world.sources->scan(noon);
    CHECK_FALSE(world.is_asked);
    world.put("refs/heads/main", std::string(40, 'c') + "\n");
    world.sources->scan(noon);
    settle(false);
    world.sources->scan(noon);
    CHECK(world.is_asked); // until it succeeds
    settle();
    CHECK(world.refreshed == 2);
    world.put("HEAD", "ref: refs/heads/other\n");
    world.sources->scan(noon);
    settle();
    CHECK(world.refreshed == 3);
    // What was looked into after the last move needs no second look, also by the next runner.
    world.registers({});
    world.restart();
    world.sources->scan(noon);
    CHECK_FALSE(world.is_asked);
}

TEST_CASE("a branch that moves while it is looked into is looked into again")
{
    World world;
    world.sources->scan(noon);
    world.sources->refresh_begins(world.name);
    world.is_asked = false;
    world.put("refs/heads/main", std::string(40, 'd') + "\n");
    world.sources->scan(noon);
    CHECK_FALSE(world.is_asked); // its end comes first
    world.sources->refresh_ended(world.name, true);
    world.sources->scan(noon);
    CHECK(world.is_asked);
}

TEST_CASE("a repository without a commit, and one that is broken, keep nobody from their turn")
{
    World world;
    REQUIRE(sys::make_directories(world.root.root.fd(), "repos/empty.git").has_value());
    REQUIRE(sys::make_directories(world.root.root.fd(), "repos/aaa.git/quire").has_value());
    UniqueFd broken = sys::open_directory(world.root.root.fd(), "repos/aaa.git/quire").value();
    REQUIRE(sys::replace_file(broken.get(), "sources.fnl", "{:cron").has_value());
    world.registers({{"hourly", "hourly"}, {"never", "no schedule at all"}});
    world.sources->scan(noon);
    world.sources->scan(noon + hour);
    CHECK(world.runs().size() == 1);
}
