#include "dispatch/invocation.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::dispatch;

using Words = std::vector<std::string>;

static Result<Invocation> read(const Words& arguments, const std::optional<std::string>& original = std::nullopt)
{
    Invocation invocation;
    auto done = read_invocation(invocation, arguments, original);
    if (!done)
        return Unexpected(std::move(done).error());
    return invocation;
}

TEST_CASE("one word is a line, several are words")
{
    CHECK(read({"git-upload-pack 'a b'"})->words == Words{"git-upload-pack", "a b"});
    CHECK(read({"git-upload-pack", "'a b'"})->words == Words{"git-upload-pack", "'a b'"});
}

TEST_CASE("SSH_ORIGINAL_COMMAND counts only without any word")
{
    CHECK(read({}, "git-upload-pack a")->words == Words{"git-upload-pack", "a"});
    CHECK(read({"--pusher", "ada"}, "git-upload-pack a")->words == Words{"git-upload-pack", "a"});
    CHECK(read({"ls"}, "git-upload-pack a")->words == Words{"ls"});
    CHECK(read({""}, "git-upload-pack a")->words.empty());
    CHECK(read({})->words.empty());
}

TEST_CASE("the last word is never an option nor an option's name")
{
    for (const char* last : {"--root", "--pusher", "--may", "--only", "--keys", "--auth-info", "--root=/etc",
                             "--pusher=x", "--", "-", "--help"}) {
        CAPTURE(last);
        auto alone = read({last});
        REQUIRE(alone);
        CHECK(!alone->root);
        CHECK(alone->rights.name.empty());
        CHECK(alone->words == Words{last});
        auto behind = read({"--root", "/srv", "--pusher", "ada", last});
        REQUIRE(behind);
        CHECK(behind->root == "/srv");
        CHECK(behind->rights.name == "ada");
        CHECK(behind->words == Words{last});
    }
}

TEST_CASE("options behind the first word belong to the command")
{
    auto invocation = read({"git-upload-pack", "--root", "/etc"});
    REQUIRE(invocation);
    CHECK(!invocation->root);
    CHECK(invocation->words == Words{"git-upload-pack", "--root", "/etc"});
}

TEST_CASE("an option that says nothing, or twice, or what can't be a name is wrong")
{
    CHECK(!read({"--root", "", "ls"}));
    CHECK(!read({"--root", "/a", "--root", "/b", "ls"}));
    CHECK(!read({"--pusher", "a\nb", "ls"}));
    CHECK(!read({"--pusher", std::string(101, 'a'), "ls"}));
    CHECK(read({"--pusher", std::string(100, 'a'), "ls"}));
}

TEST_CASE("the line is kept for the record, also of what can't be read")
{
    Invocation invocation;
    CHECK(!read_invocation(invocation, {"git-upload-pack 'a"}, std::nullopt));
    CHECK(invocation.line == "git-upload-pack 'a");
}
