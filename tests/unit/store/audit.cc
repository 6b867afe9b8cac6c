#include "store/audit.h"

#include "store/task.h"
#include "support/scratch_root.h"
#include "sys/file.h"

using namespace quire;
using store::AuditEntry;

static AuditEntry entry(int i)
{
    return {.at = now(),
            .key = i % 2 == 0 ? "ada" : "bob",
            .address = "192.0.2.1",
            .command = fmt::format("quire info r{}", i),
            .verdict = i % 10 == 0 ? "refused" : "served",
            .reason = "",
            .exit = i % 10 == 0 ? std::optional(100) : std::nullopt};
}

TEST_CASE("the newest come first, over the end of a full file, and only those that are asked for")
{
    tests::ScratchRoot root;
    CHECK(store::read_audit(root.root, {})->empty());
    constexpr int count = 20'000; // more than one file
    for (int i = 0; i < count; ++i)
        REQUIRE(store::append_audit(root.root, entry(i)));
    CHECK(sys::list_directory(root.root.fd(), "audit")->size() > 1);
    CHECK(store::list_tasks(root.root, store::TaskPlace::waiting)->size() == 1); // somebody looks what may go
    auto all = store::read_audit(root.root, {.limit = 100'000});
    REQUIRE(all->size() == count);
    CHECK(all->front().command == "quire info r19999");
    CHECK(all->back().command == "quire info r0");
    CHECK(all->back().exit == 100);
    CHECK(!all->front().exit);
    CHECK(store::read_audit(root.root, {.limit = 3})->size() == 3);
    CHECK(store::read_audit(root.root, {.limit = 100'000, .key = "ada"})->size() == count / 2);
    CHECK(store::read_audit(root.root, {.limit = 100'000, .only_refused = true})->size() == count / 10);

    REQUIRE(store::prune_audit(root.root, 1, uint64_t{2} << 20));
    auto kept = store::read_audit(root.root, {.limit = 100'000});
    CHECK(kept->size() < count);
    CHECK(kept->front().command == "quire info r19999");
    REQUIRE(store::prune_audit(root.root, 0, uint64_t{1} << 30));
    CHECK(store::read_audit(root.root, {})->empty());
}

TEST_CASE("hostile bytes stay on their line, a long command is cut, and a torn line is passed over")
{
    tests::ScratchRoot root;
    AuditEntry hostile = entry(1);
    hostile.command = "x\n{\"at\":\"2026-11-26T00:00:00Z\",\"key\":\"forged\"}\n\x1b[2J\xff" + std::string(10'000, 'y');
    hostile.reason = "no\r\nway";
    REQUIRE(store::append_audit(root.root, hostile));
    REQUIRE(sys::append_file(root.root.fd(), "audit/log.jsonl", "{\"at\":\"2026-"));
    auto all = store::read_audit(root.root, {});
    REQUIRE(all->size() == 1);
    CHECK((*all)[0].command.starts_with("x\\x0a{\"at\""));
    CHECK((*all)[0].command.find("\\x1b[2J\\xff") != std::string::npos);
    CHECK((*all)[0].command.ends_with("y…"));
    CHECK((*all)[0].command.size() < 600);
    CHECK((*all)[0].reason == "no\\x0d\\x0away");
    CHECK(((*sys::stat_at(root.root.fd(), "audit/log.jsonl"))->st_mode & 077) == 0);
    CHECK(((*sys::stat_at(root.root.fd(), "audit"))->st_mode & 077) == 0);
}

TEST_CASE("a log that is a symlink is not written to")
{
    tests::ScratchRoot root;
    REQUIRE(sys::make_directory(root.root.fd(), "audit"));
    REQUIRE(sys::symlink_at("/dev/null", root.root.fd(), "audit/log.jsonl"));
    CHECK(!store::append_audit(root.root, entry(1)));
}
