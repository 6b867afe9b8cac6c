#include "store/push_log.h"

#include "support/scratch_root.h"

using namespace quire;

static store::PushLogEntry entry(int i)
{
    return {.at = 1'000'000'000 + i,
            .push_id = fmt::format("p{}", i),
            .pusher = "a\"\n\xff",
            .ref = "refs/heads/m",
            .old_id = std::string(40, '0'),
            .new_id = std::string(40, 'a'),
            .forced = i % 2 == 0};
}

TEST_CASE("the newest entries come first, however long the log")
{
    tests::Scratch repository;
    CHECK(store::read_push_log(repository.fd(), 10)->empty());
    constexpr int count = 2000; // several of the pieces that the reader takes
    for (int i = 0; i < count; i += 500) {
        std::vector<store::PushLogEntry> some;
        for (int j = i; j < i + 500; ++j)
            some.push_back(entry(j));
        REQUIRE(store::append_push_log(repository.fd(), some));
    }
    auto read = store::read_push_log(repository.fd(), 5000);
    REQUIRE(read);
    REQUIRE(read->size() == count);
    for (int i = 0; i < count; ++i)
        REQUIRE((*read)[static_cast<size_t>(i)].push_id == fmt::format("p{}", count - 1 - i));
    CHECK((*read)[1].forced);
    CHECK(store::read_push_log(repository.fd(), 3)->size() == 3);
}

TEST_CASE("zeros at the end, where a line was to be when the power failed, are no line and do not stay")
{
    tests::Scratch repository;
    REQUIRE(store::append_push_log(repository.fd(), {entry(1)}));
    REQUIRE(sys::append_file(repository.fd(), store::paths::push_log, std::string(70'000, '\0')));
    CHECK(store::read_push_log(repository.fd(), 10)->size() == 1);
    REQUIRE(store::append_push_log(repository.fd(), {entry(2)}));
    std::string log = *sys::read_file(repository.fd(), store::paths::push_log, 1u << 20);
    CHECK(log.find('\0') == std::string::npos);
    CHECK(store::read_push_log(repository.fd(), 10)->size() == 2);
    CHECK(store::chain_head_of(log).lines == 2);
}

TEST_CASE("lines are in the log before they are finished, and its head is noted after")
{
    tests::Scratch repository;
    REQUIRE(store::append_push_log(repository.fd(), {entry(1)}));
    auto before = *store::read_noted_head(repository.fd());
    auto append = store::PushLogAppend::write(repository.fd(), {entry(2), entry(3)});
    REQUIRE(append);
    CHECK(store::read_push_log(repository.fd(), 10)->size() == 3);
    CHECK((*store::read_noted_head(repository.fd()))->lines == before->lines);
    REQUIRE(append->finish());
    CHECK((*store::read_noted_head(repository.fd()))->lines == 3);
}

TEST_CASE("the chain goes on after lines of any length")
{
    tests::Scratch repository;
    for (size_t length : {10, 1900, 2100, 4000, 5000, 10}) {
        store::PushLogEntry long_one = entry(1);
        long_one.ref.append(length, 'x');
        REQUIRE(store::append_push_log(repository.fd(), {long_one}));
    }
    std::string log = *sys::read_file(repository.fd(), store::paths::push_log, 1u << 20);
    store::ChainHead head = store::chain_head_of(log);
    CHECK(head.lines == 6);
    CHECK((*store::read_noted_head(repository.fd()))->digest == head.digest);
}

TEST_CASE("a torn last line is skipped, and the next entry does not grow on it")
{
    tests::Scratch repository;
    REQUIRE(store::append_push_log(repository.fd(), {entry(1)}));
    REQUIRE(sys::append_file(repository.fd(), store::paths::push_log, "{\"at\":\"2026-"));
    CHECK(store::read_push_log(repository.fd(), 10)->size() == 1);
    REQUIRE(store::append_push_log(repository.fd(), {entry(2)}));
    auto read = store::read_push_log(repository.fd(), 10);
    REQUIRE(read->size() == 2);
    CHECK((*read)[0].push_id == "p2");
}
