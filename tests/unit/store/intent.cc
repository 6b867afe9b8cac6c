#include "store/intent.h"

#include <unistd.h>

#include "support/scratch_root.h"

using namespace quire;

static store::Intent intent_of(const std::string& id)
{
    return {.id = id,
            .repo = tests::repo("work/bar"),
            .pusher = "alice",
            .at = 1'795'261'234'567'890'123,
            .options = {"ci.verbose", "odd \"one\"\n"},
            .updates = {{std::string(40, '0'), std::string(40, 'a'), "refs/heads/main"},
                        {std::string(40, 'b'), std::string(40, '0'), "refs/tags/v1"}}};
}

TEST_CASE("a push is named after the process that receives it")
{
    auto id = store::push_id_of(::getpid());
    REQUIRE(id);
    CHECK(*id == *store::push_id_of(::getpid()));
    CHECK(store::receiver_lives(*id));
    CHECK_FALSE(store::push_id_of(0x3fffffff));
}

TEST_CASE("an id whose process is gone, or of another boot, or no id at all, speaks of the dead")
{
    std::string id = *store::push_id_of(::getpid());
    CHECK_FALSE(store::receiver_lives(id + "1")); // same pid, other start
    CHECK_FALSE(store::receiver_lives("00000000" + id.substr(8)));
    for (const char* other : {"", "-", "--", "a-b-c", "1-../1-2", "12345678-99999999-1", "x-1"})
        CHECK_FALSE(store::receiver_lives(other));
}

TEST_CASE("an intent survives being written and held")
{
    tests::ScratchRoot scratch;
    REQUIRE(store::write_intent(scratch.root, scratch.root.fd(), intent_of("x-1-2")));
    CHECK(*store::list_intents(scratch.root) == std::vector<std::string>{"x-1-2"});
    auto held = store::HeldIntent::hold(scratch.root, "x-1-2");
    REQUIRE(held);
    REQUIRE(held->has_value());
    const store::Intent& intent = (*held)->intent();
    CHECK(intent.repo == tests::repo("work/bar"));
    CHECK(intent.options == intent_of("").options);
    REQUIRE(intent.updates.size() == 2);
    CHECK(intent.updates[1].ref == "refs/tags/v1");
    CHECK(intent.at == intent_of("").at);
    REQUIRE((*held)->remove(scratch.root));
    CHECK(store::list_intents(scratch.root)->empty());
}

TEST_CASE("only one may hold an intent, and none that was completed meanwhile")
{
    tests::ScratchRoot scratch;
    REQUIRE(store::write_intent(scratch.root, scratch.root.fd(), intent_of("i")));
    auto first = store::HeldIntent::hold(scratch.root, "i");
    REQUIRE(first->has_value());
    auto second = store::HeldIntent::try_hold(scratch.root, "i");
    REQUIRE(second);
    CHECK_FALSE(second->has_value());
    REQUIRE((*first)->remove(scratch.root));
    CHECK_FALSE(store::HeldIntent::hold(scratch.root, "i")->has_value());
}

TEST_CASE("an intent that never reached the disk is of no push, and goes")
{
    tests::ScratchRoot scratch;
    std::string path = fmt::format("{}/cut", store::paths::queue_intent);
    REQUIRE(sys::append_file(scratch.fd(), path, ""));
    auto held = store::HeldIntent::try_hold(scratch.root, "cut");
    REQUIRE(held);
    CHECK_FALSE(held->has_value());
    CHECK_FALSE(sys::exists(scratch.fd(), path));
}

TEST_CASE("an intent is read as it was written, without its lock")
{
    tests::ScratchRoot scratch;
    store::Intent intent{.id = "i",
                         .repo = *store::RepoName::parse("foo"),
                         .pusher = "alice",
                         .at = 5,
                         .updates = {{std::string(40, '0'), std::string(40, 'a'), "refs/heads/main"}}};
    REQUIRE(store::write_intent(scratch.root, scratch.root.fd(), intent));
    auto held = store::HeldIntent::hold(scratch.root, "i");
    REQUIRE(held->has_value());
    auto read = store::read_intent(scratch.root, "i");
    REQUIRE(read);
    REQUIRE(read->has_value());
    CHECK((*read)->updates[0].ref == "refs/heads/main");
    auto none = store::read_intent(scratch.root, "j");
    REQUIRE(none);
    CHECK_FALSE(none->has_value());
}

TEST_CASE("what is no intent is an error that names the file")
{
    tests::ScratchRoot scratch;
    std::string path = fmt::format("{}/bad", store::paths::queue_intent);
    for (const char* source : {" ", "{", "[]", "{:at \"x\"}", "(os.exit)",
                               "{:push :p :repo \"foo\" :at \"2026-01-01T00:00:00Z\" :updates [[:a :b]]}",
                               "{:push :p :repo \"../foo\" :at \"2026-01-01T00:00:00Z\" :updates []}"}) {
        CAPTURE(source);
        REQUIRE(sys::append_file(scratch.fd(), path, source));
        auto held = store::HeldIntent::hold(scratch.root, "bad");
        REQUIRE_FALSE(held);
        REQUIRE(sys::unlink_at(scratch.fd(), path));
    }
}
