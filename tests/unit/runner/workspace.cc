#include "runner/workspace.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch_root.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::runner;

TEST_CASE("a loose ref wins over a packed one")
{
    tests::ScratchRoot root;
    store::RepoName name = tests::repo("foo");
    std::string at = store::paths::repository(name);
    REQUIRE(sys::make_directories(root.root.fd(), at + "/refs/heads"));
    std::string older(40, 'b'), newer(40, 'c');
    REQUIRE(sys::append_file(root.root.fd(), at + "/refs/heads/main", newer + "\n"));
    REQUIRE(sys::append_file(root.root.fd(), at + "/packed-refs",
                             older + " refs/heads/main\n" + older + " refs/heads/old\n"));
    REQUIRE(sys::make_directory(root.root.fd(), "run"));
    UniqueFd run = sys::open_directory(root.root.fd(), "run").value();
    UniqueFd repository = root.root.open_repository(name).value();
    KnownRefs known;
    REQUIRE(prepare_workspace(root.root, run.get(), repository.get(), known,
                              {.repo = name, .number = 1, .ref = "refs/heads/main", .sha = newer}));
    std::string refs = sys::read_file(run.get(), "workspace/.git/packed-refs").value();
    CHECK(refs ==
          "# pack-refs with: sorted \n" + newer + " refs/remotes/origin/main\n" + older + " refs/remotes/origin/old\n");
}

TEST_CASE("refs that were moved are read again, others are not")
{
    tests::ScratchRoot root;
    std::string at = store::paths::repository(tests::repo("foo"));
    REQUIRE(sys::make_directories(root.root.fd(), at + "/refs/heads/group"));
    UniqueFd repository = root.root.open_repository(tests::repo("foo")).value();
    KnownRefs known;
    auto set = [&](const std::string& ref, char id) {
        REQUIRE(sys::append_file(repository.get(), ref + ".lock", std::string(40, id) + "\n"));
        REQUIRE(sys::rename_at(repository.get(), ref + ".lock", repository.get(), ref));
    };
    auto has = [&](const std::string& name, char id) {
        return known.as_packed(repository.get()).value()->find(std::string(40, id) + " " + name + "\n") !=
               std::string::npos;
    };
    // Moved again and again, also faster than the clock of the file system ticks.
    for (int i = 0; i < 200; ++i) {
        char id = "abcdef"[i % 6];
        set("refs/heads/group/main", id);
        CHECK(has("refs/remotes/origin/group/main", id));
    }
    REQUIRE(sys::append_file(repository.get(), "packed-refs", std::string(40, '1') + " refs/tags/v1\n"));
    CHECK(has("refs/tags/v1", '1'));
    REQUIRE(sys::unlink_at(repository.get(), "refs/heads/group/main"));
    CHECK(known.as_packed(repository.get()).value()->find("main") == std::string::npos);

    // What is settled is told from memory: the very same text.
    set("refs/heads/x", 'a');
    auto is_remembered = [&] {
        return known.as_packed(repository.get()).value() == known.as_packed(repository.get()).value();
    };
    for (Instant until = now() + 10 * nanoseconds_per_second; !is_remembered() && now() < until;)
        ;
    CHECK(is_remembered());
    set("refs/heads/x", 'b');
    CHECK(has("refs/remotes/origin/x", 'b'));
}
