#include "store/notice.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch_root.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::store;
using tests::repo;

TEST_CASE("a notice waits once, comes back as it was, and the oldest first")
{
    tests::ScratchRoot root;
    CHECK_FALSE(has_notices(root.root).value());
    Notice mirror{.event = "mirror-failed",
                  .repo = repo("work/bar"),
                  .subject = "a/b@c",
                  .at = 2'000'000'000,
                  .since = 1'000'000'000,
                  .reason = "it said \"no\"\n\x01"};
    REQUIRE(add_notice(root.root, mirror));
    Notice again = mirror;
    again.reason = "later";
    REQUIRE(add_notice(root.root, again));
    REQUIRE(add_notice(root.root, {.event = "run-ended", .repo = repo("foo"), .subject = "42", .at = 1'000'000'000}));
    REQUIRE(sys::append_file(root.root.fd(), std::string(paths::queue_notices) + "/README", "?"));
    auto all = list_notices(root.root).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].name() == "run-ended.foo.git@42");
    CHECK(all[1].reason == mirror.reason);
    CHECK(all[1].subject == mirror.subject);
    CHECK(all[1].since == mirror.since);
    CHECK(all[1].repo == mirror.repo);
    CHECK(has_notices(root.root).value());
    REQUIRE(drop_notice(root.root, all[0].name()));
    REQUIRE(drop_notice(root.root, all[0].name()));
    CHECK(list_notices(root.root).value().size() == 1);
}

TEST_CASE("of a notice that is damaged there is what its name says")
{
    tests::ScratchRoot root;
    for (const char* content : {"", "{:at", "(os.exit)", "\xff"})
        REQUIRE(sys::append_file(root.root.fd(), std::string(paths::queue_notices) + "/run-ended.foo.git@7", content));
    auto all = list_notices(root.root).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].event == "run-ended");
    CHECK(all[0].subject == "7");
}
