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
    REQUIRE(prepare_workspace(root.root, run.get(), repository.get(),
                              {.repo = name, .number = 1, .ref = "refs/heads/main", .sha = newer}));
    std::string refs = sys::read_file(run.get(), "workspace/.git/packed-refs").value();
    CHECK(refs ==
          "# pack-refs with: sorted \n" + newer + " refs/remotes/origin/main\n" + older + " refs/remotes/origin/old\n");
}
