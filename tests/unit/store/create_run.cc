#include "store/create_run.h"

#include <set>
#include <thread>

#include "support/scratch_root.h"

using namespace quire;
using tests::repo;

static store::NewRun push_to(const std::string& ref)
{
    return {.source = "push", .ref = ref, .sha = std::string(40, 'a'), .pusher = "alice", .push_id = "p1"};
}

static std::vector<std::string> names_in(const store::Root& root, const std::string& path)
{
    return sys::list_directory(root.fd(), path).value();
}

TEST_CASE("a run appears whole, with its record and its queue entry")
{
    tests::ScratchRoot scratch;
    auto made = store::create_runs(scratch.root, repo("work/bar"), {push_to("refs/heads/main")});
    REQUIRE(made);
    REQUIRE(made->size() == 1);
    CHECK((*made)[0].number == 1);
    auto read = store::read_run_record(scratch.root, repo("work/bar"), 1);
    REQUIRE(read);
    CHECK(read->state == store::RunState::queued);
    CHECK(read->ref == "refs/heads/main");
    CHECK(read->sha == std::string(40, 'a'));
    CHECK(read->pusher == "alice");
    CHECK(read->push_id == "p1");
    CHECK(read->queued_at == (*made)[0].queued_at);
    auto entries = names_in(scratch.root, store::paths::queue_new);
    REQUIRE(entries.size() == 1);
    CHECK(entries[0] == store::paths::queue_entry(repo("work/bar"), 1, read->queued_at));
}

TEST_CASE("many runs of one push have dense numbers and entries in their order")
{
    tests::ScratchRoot scratch;
    std::vector<store::NewRun> wanted;
    for (int i = 0; i < 50; ++i)
        wanted.push_back(push_to(fmt::format("refs/heads/b{}", i)));
    auto made = store::create_runs(scratch.root, repo("foo"), wanted);
    REQUIRE(made);
    auto entries = names_in(scratch.root, store::paths::queue_new);
    REQUIRE(entries.size() == 50);
    for (size_t i = 0; i < 50; ++i) {
        CHECK((*made)[i].number == i + 1);
        CHECK((*made)[i].ref == wanted[i].ref);
        CHECK(entries[i].ends_with(fmt::format(".foo.git.{}", i + 1)));
    }
    CHECK(store::create_runs(scratch.root, repo("foo"), {push_to("refs/heads/x")})->at(0).number == 51);
}

TEST_CASE("numbers stay unique and dense when many make runs at once")
{
    tests::ScratchRoot scratch;
    constexpr int threads = 8;
    constexpr int each = 10;
    std::vector<std::thread> crowd;
    for (int t = 0; t < threads; ++t)
        crowd.emplace_back([&] {
            for (int i = 0; i < each; ++i)
                (void)store::create_runs(scratch.root, repo("foo"), {push_to("refs/heads/main")});
        });
    for (std::thread& thread : crowd)
        thread.join();
    auto numbers = store::newest_runs(scratch.root, repo("foo"), 1000);
    REQUIRE(numbers);
    REQUIRE(numbers->size() == threads * each);
    CHECK(numbers->front() == threads * each);
    CHECK(numbers->back() == 1);
    CHECK(names_in(scratch.root, store::paths::queue_new).size() == threads * each);
}

TEST_CASE("a next that is missing, torn or behind is mended by what exists")
{
    tests::ScratchRoot scratch;
    for (int i = 0; i < 3; ++i)
        REQUIRE(store::create_runs(scratch.root, repo("foo"), {push_to("refs/heads/main")}));
    std::string next = store::paths::next_number(repo("foo"));
    auto make_one = [&] { return store::create_runs(scratch.root, repo("foo"), {push_to("r")})->at(0).number; };
    REQUIRE(sys::unlink_at(scratch.fd(), next));
    CHECK(make_one() == 4);
    for (const char* broken : {"", "garbage\n", "7", "0\n", "-1\n", "2\n"}) {
        CAPTURE(broken);
        uint64_t highest = store::newest_runs(scratch.root, repo("foo"), 1)->at(0);
        REQUIRE(sys::unlink_at(scratch.fd(), next));
        REQUIRE(sys::append_file(scratch.fd(), next, broken));
        CHECK(make_one() == highest + 1);
    }
}

TEST_CASE("a number is not given out again after its run was pruned")
{
    tests::ScratchRoot scratch;
    for (int i = 0; i < 3; ++i)
        REQUIRE(store::create_runs(scratch.root, repo("foo"), {push_to("r")}));
    REQUIRE(sys::remove_tree(scratch.fd(), store::paths::run(repo("foo"), 3)));
    CHECK(store::create_runs(scratch.root, repo("foo"), {push_to("r")})->at(0).number == 4);
    CHECK(*store::newest_runs(scratch.root, repo("foo"), 10) == std::vector<uint64_t>{4, 2, 1});
    CHECK(*store::newest_runs(scratch.root, repo("foo"), 1, 4) == std::vector<uint64_t>{2});
}

TEST_CASE("old runs are still found beyond a long gap")
{
    tests::ScratchRoot scratch;
    REQUIRE(store::create_runs(scratch.root, repo("foo"), {push_to("r")}));
    std::string next = store::paths::next_number(repo("foo"));
    REQUIRE(sys::unlink_at(scratch.fd(), next));
    REQUIRE(sys::append_file(scratch.fd(), next, "5000\n"));
    REQUIRE(store::create_runs(scratch.root, repo("foo"), {push_to("r")}));
    CHECK(*store::newest_runs(scratch.root, repo("foo"), 10) == std::vector<uint64_t>{5000, 1});
}

TEST_CASE("a missing queue entry is made once, an active or present one is left alone")
{
    tests::ScratchRoot scratch;
    store::RunRecord run = store::create_runs(scratch.root, repo("foo"), {push_to("r")})->at(0);
    std::string entry = store::paths::queue_entry(run.repo, run.number, run.queued_at);
    std::string in_new = fmt::format("{}/{}", store::paths::queue_new, entry);
    std::string in_active = fmt::format("{}/{}", store::paths::queue_active, entry);
    REQUIRE(sys::unlink_at(scratch.fd(), in_new));
    REQUIRE(store::ensure_queued(scratch.root, run));
    CHECK(sys::exists(scratch.fd(), in_new));
    REQUIRE(sys::rename_at(scratch.fd(), in_new, scratch.fd(), in_active));
    REQUIRE(store::ensure_queued(scratch.root, run));
    CHECK_FALSE(sys::exists(scratch.fd(), in_new));
}

TEST_CASE("a run that can't be made leaves nothing behind")
{
    tests::ScratchRoot scratch;
    REQUIRE(sys::make_directories(scratch.fd(), "runs/foo.git"));
    // `next` is a directory: its lock can't be opened for writing.
    REQUIRE(sys::make_directory(scratch.fd(), "runs/foo.git/next"));
    auto made = store::create_runs(scratch.root, repo("foo"), {push_to("r")});
    REQUIRE_FALSE(made);
    CHECK(names_in(scratch.root, "runs/foo.git") == std::vector<std::string>{"next"});
    CHECK(names_in(scratch.root, store::paths::queue_new).empty());
}

TEST_CASE("runs that were made after next was last written are seen, and not numbered twice")
{
    tests::ScratchRoot scratch;
    for (int i = 0; i < 3; ++i)
        REQUIRE(store::create_runs(scratch.root, repo("foo"), {push_to("r")}));
    std::string next = store::paths::next_number(repo("foo"));
    REQUIRE(sys::unlink_at(scratch.fd(), next));
    REQUIRE(sys::append_file(scratch.fd(), next, "2\n")); // its writer died after it had placed 2 and 3
    CHECK(*store::newest_runs(scratch.root, repo("foo"), 10) == std::vector<uint64_t>{3, 2, 1});
    CHECK(store::create_runs(scratch.root, repo("foo"), {push_to("r")})->at(0).number == 4);
}
