#include "store/mirror.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"

using namespace quire;
using namespace quire::store;

namespace {

struct Place : tests::Scratch {
    void write(const std::string& mirror, const std::string& file, const std::string& content)
    {
        REQUIRE(sys::make_directories(fd(), paths::mirror(mirror)));
        REQUIRE(sys::append_file(fd(), paths::mirror(mirror) + "/" + file, content));
    }
};

} // namespace

TEST_CASE("a mirror's status comes back as it was written")
{
    Place place;
    CHECK(list_mirrors(place.fd()).value().empty());
    place.write("github", paths::mirror_url, "git@example.org:me/foo.git\n");
    Mirror made = read_mirror(place.fd(), "github").value();
    CHECK(made.url == "git@example.org:me/foo.git");
    CHECK(made.status.word() == "new");
    CHECK(made.status.is_reachable);
    MirrorStatus status{.is_failing = true,
                        .last_success = 1'000'000'000,
                        .last_failure = 2'000'000'000,
                        .failing_since = 2'000'000'000,
                        .checked_at = 3'000'000'000,
                        .is_reachable = false,
                        .reason = "it said \"no\"\n",
                        .drift = {{"refs/heads/a", "1", "", 4'000'000'000}},
                        .more_drift = 2,
                        .order = text::Data(text::Data::Table{{"prune", true}})};
    REQUIRE(write_mirror_status(place.fd(), "github", status));
    MirrorStatus read = read_mirror(place.fd(), "github").value().status;
    CHECK(read.word() == "failing");
    CHECK(read.last_success == status.last_success);
    CHECK(read.failing_since == status.failing_since);
    CHECK_FALSE(read.is_reachable);
    CHECK(read.reason == status.reason);
    REQUIRE(read.drift.size() == 1);
    CHECK(read.drift[0].since == 4'000'000'000);
    CHECK(read.more_drift == 2);
    CHECK(read.order.boolean_or("prune", false));
    status.drift.assign(5000, {"refs/heads/x", "1", "2", 1'000'000'000});
    REQUIRE(write_mirror_status(place.fd(), "github", status));
    read = read_mirror(place.fd(), "github").value().status;
    CHECK(read.drift.size() + read.more_drift == 5002);
    CHECK(read.drift.size() < 100);
}

TEST_CASE("a mirror that is damaged is listed with what is wrong with it")
{
    Place place;
    place.write("a", paths::mirror_status, "{:state");
    place.write("b", paths::mirror_url, "x\n");
    place.write(".new.1-2", paths::mirror_url, "x\n");
    place.write("Upper", paths::mirror_url, "x\n");
    auto all = list_mirrors(place.fd()).value();
    REQUIRE(all.size() == 2);
    CHECK_FALSE(all[0].status.reason.empty());
    auto missing = read_mirror(place.fd(), "c");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("there are: a, b") != std::string::npos);
}

TEST_CASE("what the remote has comes back, and a mirror's name is a plain word")
{
    Place place;
    place.write("a", paths::mirror_url, "x\n");
    CHECK(read_pushed(place.fd(), "a").value().empty());
    RefValues values{{"refs/heads/a b", "1"}, {"refs/tags/v1", "2"}};
    REQUIRE(write_pushed(place.fd(), "a", values));
    CHECK(read_pushed(place.fd(), "a").value() == values);
    for (const char* good : {"github", "a", "my-mirror-2"})
        CHECK(is_mirror_name(good));
    for (const char* bad : {"", "-a", "A", "a/b", "..", "a.b", "a b", "a\n"})
        CHECK_FALSE(is_mirror_name(bad));
}
