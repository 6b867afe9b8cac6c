#include "store/task.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch_root.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::store;
using tests::repo;

TEST_CASE("a task is told by its id, and an id by its task")
{
    Task whole{.kind = "prune"};
    Task upkeep{.kind = "upkeep", .repo = repo("work/bar")};
    Task mirror{.kind = "mirror", .repo = repo("foo"), .subject = "git@example.org:a/b"};
    CHECK(whole.id() == "prune");
    CHECK(upkeep.id() == "upkeep.work%2Fbar.git");
    for (const Task& task : {whole, upkeep, mirror}) {
        auto parsed = parse_task_id(task.id());
        REQUIRE(parsed);
        CHECK(parsed->kind == task.kind);
        CHECK(parsed->repo == task.repo);
        CHECK(parsed->subject == task.subject);
        CHECK(task.id().find('/') == std::string::npos);
    }
    for (const char* wrong : {"", ".", "active", ".tmp", "Upkeep", "upkeep.", "upkeep.foo", "upkeep.../x.git", "a@",
                              "@b", ".upkeep.foo.git.1-2-3.tmp"})
        CHECK_FALSE(parse_task_id(wrong));
}

TEST_CASE("a task waits once, however often it is added, and keeps its history")
{
    tests::ScratchRoot root;
    Task task{.kind = "upkeep", .repo = repo("foo")};
    REQUIRE(add_task(root.root, task));
    Task failed = read_task(root.root, TaskPlace::waiting, task.id()).value();
    CHECK(failed.added_at > 0);
    failed.attempts = 3;
    failed.not_before = now() + nanoseconds_per_second;
    failed.last_error = "it said \"no\"\n\x01";
    REQUIRE(rewrite_task(root.root, failed));
    REQUIRE(add_task(root.root, task));
    auto all = list_tasks(root.root, TaskPlace::waiting).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].attempts == 3);
    CHECK(all[0].not_before == failed.not_before);
    CHECK(all[0].added_at == failed.added_at);
    CHECK(all[0].last_error == failed.last_error);
}

TEST_CASE("what is added while a task is worked on is a task of its own")
{
    tests::ScratchRoot root;
    Task task{.kind = "upkeep", .repo = repo("foo")};
    REQUIRE(add_task(root.root, task));
    CHECK(claim_task(root.root, task).value());
    CHECK_FALSE(claim_task(root.root, task).value());
    CHECK(list_tasks(root.root, TaskPlace::waiting).value().empty());
    REQUIRE(add_task(root.root, task));
    CHECK_FALSE(claim_task(root.root, task).value()); // one at a time
    SECTION("done: the other one stays")
    {
        REQUIRE(drop_task(root.root, TaskPlace::active, task));
        REQUIRE(drop_task(root.root, TaskPlace::active, task));
        CHECK(list_tasks(root.root, TaskPlace::waiting).value().size() == 1);
    }
    SECTION("failed: they are one again, with the failure")
    {
        task.attempts = 1;
        REQUIRE(give_back_task(root.root, task));
        CHECK(list_tasks(root.root, TaskPlace::waiting).value().at(0).attempts == 1);
    }
    CHECK(list_tasks(root.root, TaskPlace::active).value().empty());
}

TEST_CASE("an entry that never reached the disk is as good as new")
{
    tests::ScratchRoot root;
    REQUIRE(sys::append_file(root.root.fd(), std::string(paths::queue_tasks) + "/upkeep.foo.git", ""));
    auto all = list_tasks(root.root, TaskPlace::waiting).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].repo->str() == "foo");
    CHECK(all[0].last_error.empty());
}

TEST_CASE("an entry whose content is lost or broken is begun anew, and says so")
{
    tests::ScratchRoot root;
    std::string path = std::string(paths::queue_tasks) + "/upkeep.foo.git";
    for (const char* content : {" ", "{:kind", "[]", "(os.exit)", "\xff"}) {
        (void)sys::unlink_at(root.root.fd(), path);
        REQUIRE(sys::append_file(root.root.fd(), path, content));
        auto all = list_tasks(root.root, TaskPlace::waiting).value();
        REQUIRE(all.size() == 1);
        CHECK(all[0].id() == "upkeep.foo.git");
        CHECK(all[0].attempts == 0);
        CHECK_FALSE(all[0].last_error.empty());
    }
    REQUIRE(sys::append_file(root.root.fd(), std::string(paths::queue_tasks) + "/README", "?"));
    CHECK(list_tasks(root.root, TaskPlace::waiting).value().size() == 1);
    CHECK(read_task(root.root, TaskPlace::waiting, "prune").error().kind == ErrorKind::not_found);
}
