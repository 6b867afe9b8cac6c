#include "store/sequence.h"

#include "support/scratch_root.h"
#include "sys/atomic_file.h"

using namespace quire;

static uint64_t take_one(const store::Root& root, const store::RepoName& repo)
{
    auto sequence = store::Sequence::lock(root, repo);
    REQUIRE(sequence);
    uint64_t number = sequence->take();
    REQUIRE(sequence->save());
    return number;
}

TEST_CASE("numbers go up by one, and runs that are there make up for a number that is too low, torn or gone")
{
    tests::ScratchRoot scratch;
    store::RepoName repo = *store::RepoName::parse("foo");
    std::string runs = store::paths::repository_runs(repo);
    REQUIRE(sys::make_directories(scratch.fd(), runs, 0750));
    CHECK(take_one(scratch.root, repo) == 1);
    CHECK(take_one(scratch.root, repo) == 2);
    for (int number = 1; number <= 4; ++number)
        REQUIRE(sys::make_directories(scratch.fd(), fmt::format("{}/{}", runs, number), 0750));
    CHECK(take_one(scratch.root, repo) == 5);
    REQUIRE(sys::replace_file(scratch.fd(), "torn", "5"));
    REQUIRE(sys::rename_at(scratch.fd(), "torn", scratch.fd(), store::paths::next_number(repo)));
    CHECK(take_one(scratch.root, repo) == 5);
    REQUIRE(sys::unlink_at(scratch.fd(), store::paths::next_number(repo)));
    CHECK(take_one(scratch.root, repo) == 5);
}

TEST_CASE("the number stays when it is synced and the runs are removed")
{
    tests::ScratchRoot scratch;
    store::RepoName repo = *store::RepoName::parse("foo");
    std::string runs = store::paths::repository_runs(repo);
    REQUIRE(sys::make_directories(scratch.fd(), runs + "/7", 0750));
    CHECK(take_one(scratch.root, repo) == 8);
    REQUIRE(sys::remove_tree(scratch.fd(), runs + "/7"));
    REQUIRE(store::sync_sequence(scratch.root, repo));
    CHECK(take_one(scratch.root, repo) == 9);
}
