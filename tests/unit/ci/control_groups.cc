// What the kernel tells of control groups is played here by plain files. What runc does where a group may not be made,
// and that containers start there all the same, is shown on a real kernel by tests/soak/cgroups.
#include "ci/executors/control_groups.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "support/scratch.h"
#include "sys/self.h"

using namespace quire;
using namespace quire::ci;
namespace fs = std::filesystem;

namespace {

/// Groups of version 2; those below "mine" are ours, those below "theirs" root's.
struct FakeKernel : tests::Scratch {
    FakeKernel()
    {
        fs::create_directories(path() + "/groups/mine/runner");
        write("groups/cgroup.controllers", "memory pids\n");
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path() + "/" + name) << text; }
    GroupFiles files() const { return {path() + "/membership", path() + "/groups"}; }
    bool may(const std::string& membership, const sys::Environment& environment = {}) const
    {
        write("membership", membership);
        return user_may_make_groups(environment, files());
    }
};

} // namespace

TEST_CASE("control groups: what is beside the own group decides, as runc makes one there")
{
    FakeKernel kernel;
    CHECK(kernel.may("0::/mine/runner\n"));
    CHECK(kernel.may("0::/mine\n")); // the mount is ours
    CHECK(kernel.may("0::/\n"));
    CHECK_FALSE(kernel.may("0::/theirs/runner\n"));
    if (sys::user_id() == 0) {
        fs::create_directories(kernel.path() + "/groups/theirs/runner");
        REQUIRE(::chown((kernel.path() + "/groups/theirs").c_str(), 1, 1) == 0);
        CHECK_FALSE(kernel.may("0::/theirs/runner\n"));
    }
}

TEST_CASE("control groups: where nothing is told of them there are none to make")
{
    FakeKernel kernel;
    CHECK_FALSE(kernel.may(""));
    CHECK_FALSE(kernel.may("4:memory:/mine/runner\n"));
}

TEST_CASE("control groups: a session of systemd makes them for podman")
{
    FakeKernel kernel;
    CHECK(kernel.may("0::/theirs/runner\n", {"DBUS_SESSION_BUS_ADDRESS=unix:path=/x"}));
    std::string directory = kernel.path() + "/user";
    CHECK_FALSE(kernel.may("0::/theirs/runner\n", {"XDG_RUNTIME_DIR=" + directory}));
    fs::create_directories(directory + "/systemd");
    kernel.write("user/systemd/private", "");
    CHECK(kernel.may("0::/theirs/runner\n", {"XDG_RUNTIME_DIR=" + directory}));
}

TEST_CASE("control groups: with version 1 it is podman that leaves the limits out")
{
    FakeKernel kernel;
    fs::remove(kernel.path() + "/groups/cgroup.controllers");
    CHECK(kernel.may("0::/theirs/runner\n"));
}
