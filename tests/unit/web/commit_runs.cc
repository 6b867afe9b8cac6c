// What is known about the runs of commits: what changes is seen, and nothing is read that did not change.
#include "web/keep/commit_runs.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "store/create_run.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::web;
using store::RunState;

namespace {

git_oid commit_of(uint64_t number) { return git::parse_oid(fmt::format("{:040x}", number)).value(); }

/// A repository's runs, and what is known about them.
struct Runs : tests::ScratchRoot {
    uint64_t make(uint64_t commit)
    {
        auto made = store::create_runs(
            root, name, {{.source = "push", .ref = "refs/heads/main", .sha = git::to_string(commit_of(commit))}});
        REQUIRE(made);
        return (*made)[0].number;
    }
    /// As the runner does: in place of the record before.
    void end(uint64_t number, RunState state)
    {
        auto record = store::read_run_record(root, name, number);
        REQUIRE(record);
        record->state = state;
        UniqueFd run = sys::open_directory(root.fd(), store::paths::run(name, number)).value();
        REQUIRE(sys::replace_file_unsynced(run.get(), store::paths::record, text::write_fnl(store::to_data(*record)),
                                           0644));
    }
    UniqueFd open() { return sys::open_directory(root.fd(), store::paths::repository_runs(name)).value(); }
    std::shared_ptr<const KnownRuns> look(CommitRuns::Reading reading = CommitRuns::Reading::as_needed)
    {
        return runs.look(open().get(), name, reading);
    }
    std::string seen(uint64_t commit)
    {
        auto known = look();
        REQUIRE(known);
        std::string text;
        for (const CommitRun& run : known->of(commit_of(commit)))
            text += fmt::format("{} {} ", run.number, store::to_string(run.state));
        return text;
    }

    store::RepoName name = tests::repo("foo");
    CommitRuns runs;
};

} // namespace

TEST_CASE("runs of commits: the newest first, and what changes is seen at once")
{
    Runs it;
    it.make(1);
    it.make(2);
    it.make(1);
    CHECK(it.seen(1) == "3 queued 1 queued ");
    CHECK(it.seen(2) == "2 queued ");
    CHECK(it.seen(3).empty());
    it.end(3, RunState::active);
    CHECK(it.seen(1) == "3 active 1 queued ");
    it.end(3, RunState::failed);
    it.end(1, RunState::skipped);
    CHECK(it.seen(1) == "3 failed 1 skipped ");
    it.make(3);
    CHECK(it.seen(3) == "4 queued ");
    CHECK(it.seen(1) == "3 failed 1 skipped ");
}

TEST_CASE("runs of commits: where nothing changed nothing is made anew, and no event thread reads a record")
{
    Runs it;
    it.make(1);
    auto known_only = CommitRuns::Reading::known_only;
    CHECK_FALSE(it.look(known_only));
    auto known = it.look();
    CHECK(it.look() == known);
    CHECK(it.look(known_only) == known);
    it.end(1, RunState::succeeded);
    CHECK_FALSE(it.look(known_only));
    auto after = it.look();
    CHECK(after != known);
    CHECK(after->version() != known->version());
    it.make(2);
    CHECK_FALSE(it.look(known_only));
    CHECK(it.look()->shown({commit_of(1)}).state == after->shown({commit_of(1)}).state);
    CHECK(it.look()->shown({commit_of(2)}).state != after->shown({commit_of(2)}).state);
}

TEST_CASE("runs of commits: of very many only the newest are read at first, the others afterwards")
{
    Runs it;
    constexpr uint64_t count = 2500;
    std::vector<store::NewRun> wanted;
    for (uint64_t i = 1; i <= count; ++i)
        wanted.push_back({.source = "push", .ref = "refs/heads/main", .sha = git::to_string(commit_of(i))});
    REQUIRE(store::create_runs(it.root, it.name, wanted));
    for (uint64_t i = 1; i <= count; ++i)
        if (i != 7)
            it.end(i, RunState::succeeded);
    CHECK(it.look()->lacks_older());
    CHECK(it.seen(count) == "2500 succeeded ");
    CHECK(it.seen(1).empty());
    int pieces = 1;
    while (it.runs.read_on(it.open().get(), it.name))
        ++pieces;
    CHECK(pieces < 10);
    CHECK_FALSE(it.look()->lacks_older());
    CHECK(it.seen(1) == "1 succeeded ");
    CHECK(it.seen(7) == "7 queued ");
    it.end(7, RunState::failed); // one that was not over is followed, however old it is
    CHECK(it.seen(7) == "7 failed ");
    for (uint64_t i = 2; i <= count; ++i)
        if (it.seen(i) != fmt::format("{} {} ", i, i == 7 ? "failed" : "succeeded"))
            FAIL_CHECK(i);
}

TEST_CASE("runs of commits: another repository of the name has none of them")
{
    Runs it;
    it.make(1);
    it.end(1, RunState::failed);
    CHECK(it.seen(1) == "1 failed ");
    std::filesystem::remove_all(it.root.absolute(store::paths::repository_runs(it.name)));
    it.make(2);
    it.make(3);
    CHECK(it.seen(1).empty());
    CHECK(it.seen(3) == "2 queued ");
}

TEST_CASE("runs of commits: a record that can't be read is passed over until it can")
{
    Runs it;
    it.make(1);
    std::string path = it.root.absolute(store::paths::run(it.name, 1)) + "/" + store::paths::record;
    std::string whole = sys::read_file(AT_FDCWD, path).value();
    std::ofstream(path) << "{:state";
    CHECK(it.seen(1).empty());
    CHECK(it.look() == it.look());
    std::ofstream(path) << whole;
    CHECK(it.seen(1) == "1 queued ");
}
