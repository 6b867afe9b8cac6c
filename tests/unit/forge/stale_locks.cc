// Which locks are taken for left behind.
#include "forge/stale_locks.h"

#include "forge/unfinished_objects.h"

#include <algorithm>

#include "support/scratch_root.h"
#include "sys/process.h"
#include "sys/self.h"

using namespace quire;

static UniqueFd make_repository(tests::ScratchRoot& scratch)
{
    std::string path = store::paths::repository(tests::repo("foo"));
    for (const char* directory : {"refs/heads/deep", "objects/info/commit-graphs", "objects/pack", "quire", "logs"})
        REQUIRE(sys::make_directories(scratch.fd(), path + "/" + directory, 0750));
    return *sys::open_directory(scratch.fd(), path);
}

static void set_date(int repository, const std::string& path, const char* when)
{
    auto touched = sys::run({.argv = {"touch", "-d", when, path}, .directory = repository}, {});
    REQUIRE(touched);
    REQUIRE(touched->status == 0);
}

static void make(int repository, const std::string& path, const char* when)
{
    REQUIRE(sys::append_file(repository, path, "x"));
    set_date(repository, path, when);
}

TEST_CASE("locks of git and temporaries that nobody touched are stale, wherever git keeps some")
{
    tests::ScratchRoot scratch;
    UniqueFd repository = make_repository(scratch);
    std::vector<std::string> old = {"HEAD.lock",
                                    "packed-refs.lock",
                                    "refs/heads/main.lock",
                                    "refs/heads/deep/b.lock",
                                    "quire/.config.fnl.1-1-1.tmp",
                                    "objects/info/commit-graphs/commit-graph-chain.lock",
                                    "objects/pack/multi-pack-index.lock"};
    for (const std::string& path : old)
        make(repository.get(), path, "2 hours ago");
    for (const char* other : {"quire/upkeep.lock", "refs/heads/main", "HEAD", "quire/config.fnl"})
        make(repository.get(), other, "2 hours ago");
    make(repository.get(), "refs/heads/held.lock", "now");
    auto found = forge::stale_locks(repository.get(), now() - 3600 * nanoseconds_per_second);
    std::sort(found.begin(), found.end());
    std::sort(old.begin(), old.end());
    CHECK(found == old);
}

TEST_CASE("what git had not finished is told by when somebody last wrote into it, at any depth")
{
    tests::ScratchRoot scratch;
    UniqueFd repository = make_repository(scratch);
    auto make_old = [&](const std::string& path) {
        make(repository.get(), path, "2 days ago");
        for (std::string above = path.substr(0, path.rfind('/')); above.find("tmp_") != std::string::npos;
             above = above.substr(0, above.rfind('/')))
            set_date(repository.get(), above, "2 days ago");
    };
    for (const char* push : {"old", "slow", "empty"})
        REQUIRE(
            sys::make_directories(repository.get(), fmt::format("objects/tmp_objdir-incoming-{}/pack", push), 0750));
    make_old("objects/tmp_objdir-incoming-old/pack/tmp_pack_a");
    make_old("objects/tmp_objdir-incoming-slow/pack/tmp_pack_b");
    set_date(repository.get(), "objects/tmp_objdir-incoming-slow/pack/tmp_pack_b", "1 hour ago");
    make_old("objects/pack/tmp_idx_c");
    make_old("objects/pack/pack-1.pack");
    make_old("objects/info/commit-graphs/tmp_graph_e");
    make_old("objects/info/commit-graphs/graph-1.graph");
    make(repository.get(), "objects/pack/tmp_pack_d", "now");
    auto found = forge::unfinished_objects(repository.get(), now() - 86400 * nanoseconds_per_second);
    CHECK(found == std::vector<std::string>{"objects/tmp_objdir-incoming-old", "objects/pack/tmp_idx_c",
                                            "objects/info/commit-graphs/tmp_graph_e"});
}

TEST_CASE("locks from before the machine was started go, and later ones stay")
{
    tests::ScratchRoot scratch;
    UniqueFd repository = make_repository(scratch);
    make(repository.get(), "HEAD", "2001-01-01");
    make(repository.get(), "refs/heads/main.lock", "2001-01-01");
    make(repository.get(), "objects/pack/tmp_pack_a", "2001-01-01");
    make(repository.get(), "refs/heads/held.lock", "now");
    CHECK(sys::booted_at() < now());
    CHECK(sys::booted_at() > now() - 20 * 365 * 86400 * nanoseconds_per_second);
    forge::remove_leftovers_of_before(scratch.root);
    CHECK_FALSE(sys::exists(repository.get(), "refs/heads/main.lock"));
    CHECK_FALSE(sys::exists(repository.get(), "objects/pack/tmp_pack_a"));
    CHECK(sys::exists(repository.get(), "refs/heads/held.lock"));
}
