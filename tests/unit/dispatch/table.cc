#include "dispatch/table.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"

using namespace quire;
using namespace quire::dispatch;

using Words = std::vector<std::string>;
using Action = Request::Action;

constexpr const char* root = "/srv/quire";

static Request accepted(const Words& words)
{
    auto request = check(words, root);
    INFO((request ? "" : request.error().message));
    REQUIRE(request);
    return *request;
}

TEST_CASE("no words are the greeting") { CHECK(accepted({}).action == Action::greet); }

TEST_CASE("each git service is known by both its spellings")
{
    for (const dispatch::Command& service : git_services()) {
        std::string name = service.name;
        Request joined = accepted({name, "/work/bar.git"});
        CHECK(joined.action == Action::serve);
        CHECK(joined.command == &service);
        CHECK(joined.repository->str() == "work/bar");
        Request apart = accepted({"git", name.substr(4), "work/bar"});
        CHECK(apart.command == &service);
        CHECK(apart.repository == joined.repository);
    }
}

TEST_CASE("a repository may stand behind the root's own path, and behind no other")
{
    CHECK(accepted({"git-upload-pack", "/srv/quire/repos/foo.git"}).repository->str() == "foo");
    CHECK(accepted({"git-upload-pack", "/srv/quire/foo"}).repository->str() == "foo");
    // As a prefix of letters it is none, and what is left has too many parts.
    CHECK(!check(Words{"git-upload-pack", "/srv/quirery/repos/foo"}, root));
    CHECK(!check(Words{"git-upload-pack", "/srv/other/foo"}, root));
    CHECK(!check(Words{"git-upload-pack", "/srv/quire/../foo"}, root));
}

/// "quire" and the verb, as a client types them.
static Words typed(const dispatch::Command& verb)
{
    Words words = {"quire"};
    for (std::string_view part : split(verb.name, ' '))
        words.emplace_back(part);
    return words;
}

TEST_CASE("a name of two words is no name in one")
{
    CHECK(accepted({"quire", "config", "get"}).words == Words{"config", "get"});
    CHECK(!check(Words{"quire", "config get"}, root));
    CHECK(!check(Words{"quire", "config get", "foo"}, root));
    CHECK(!check(Words{"quire", "config"}, root));
    CHECK(!check(Words{"quire", "config", "list"}, root));
}

TEST_CASE("every verb's canonical words are accepted again and are the same")
{
    for (const dispatch::Command& verb : quire_verbs()) {
        Words words = typed(verb);
        for (const Operand& operand : verb.operands)
            if (operand.kind != Kind::none)
                words.push_back(operand.kind == Kind::number ? "7" : "foo");
        for (const Option& option : verb.options) {
            if (*option.name)
                words.push_back(option.name);
            if (option.kind != Kind::none)
                words.push_back(option.kind == Kind::number ? "7" : "main");
        }
        Request first = accepted(words);
        CHECK(first.action == Action::operate);
        CHECK(usage_line(verb).starts_with(first.words[0]));
        Words again = first.words;
        again.insert(again.begin(), "quire");
        CHECK(accepted(again).words == first.words);
    }
}

TEST_CASE("a verb without its operands, or with one more, is refused with its usage at hand")
{
    for (const dispatch::Command& verb : quire_verbs()) {
        size_t needed = 0;
        size_t possible = 0;
        for (const Operand& operand : verb.operands) {
            possible += operand.kind != Kind::none;
            needed += operand.kind != Kind::none && !operand.optional;
        }
        for (size_t count : {needed - 1, possible + 1}) {
            if (count > 4)
                continue; // one less than none
            Words words = typed(verb);
            words.resize(words.size() + count, "foo");
            const dispatch::Command* closest = nullptr;
            auto request = check(words, root, &closest);
            CAPTURE(verb.name, count);
            REQUIRE(!request);
            CHECK(request.error().kind == ErrorKind::usage);
            CHECK(closest == &verb);
        }
    }
}

TEST_CASE("options come before operands, whatever order they were given in")
{
    Request request = accepted({"quire", "new", "foo", "--description=a=b", "--private"});
    CHECK(request.words == Words{"new", "--description", "a=b", "--private", "--", "foo"});
}

TEST_CASE("an option's value is never taken for an option")
{
    CHECK(accepted({"quire", "new", "--description", "--", "foo"}).words ==
          Words{"new", "--description", "--", "--", "foo"});
    CHECK(!check(Words{"quire", "new", "foo", "--default-branch", "--private"}, root));
}

TEST_CASE("a message shows what was refused without its control bytes")
{
    auto request = check(Words{"\xe2\x80\xae"
                               "evil"},
                         root);
    REQUIRE(!request);
    CHECK(is_printable_utf8(request.error().message));
    CHECK(request.error().message.find("\xe2\x80\xae") == std::string::npos);
}

TEST_CASE("the listing names every line of the table")
{
    std::string listing = usage_listing();
    for (const dispatch::Command& verb : quire_verbs())
        CHECK(listing.find("quire " + usage_line(verb)) != std::string::npos);
    for (const dispatch::Command& service : git_services())
        CHECK(listing.find(usage_line(service)) != std::string::npos);
}
