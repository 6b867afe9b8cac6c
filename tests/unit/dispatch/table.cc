#include "dispatch/table.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"

using namespace quire;
using namespace quire::dispatch;

using Words = std::vector<std::string>;
using Action = Request::Action;

constexpr const char* root = "/srv/quire";

static std::vector<const cli::Verb*> served()
{
    std::vector<const cli::Verb*> all;
    for (const cli::Verb& verb : cli::verbs())
        if (verb.reach == cli::Reach::over_ssh && std::string_view(verb.name) != "help")
            all.push_back(&verb);
    return all;
}

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
    for (const Service& service : git_services()) {
        std::string name = service.name;
        Request joined = accepted({name, "/work/bar.git"});
        CHECK(joined.action == Action::serve);
        CHECK(joined.service == &service);
        CHECK(joined.repository->str() == "work/bar");
        Request apart = accepted({"git", name.substr(4), "work/bar"});
        CHECK(apart.service == &service);
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
static Words typed(const cli::Verb& verb)
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
    for (const cli::Verb* verb : served()) {
        Words words = typed(*verb);
        for (const cli::Operand& operand : verb->operands)
            words.push_back(operand.kind == cli::Kind::number ? "7" : "foo");
        for (const cli::Flag& flag : verb->flags) {
            if (flag.reach != cli::Reach::over_ssh)
                continue;
            words.push_back(fmt::format("--{}", flag.name));
            if (flag.kind != cli::Kind::none)
                words.push_back(flag.kind == cli::Kind::number ? "7" : "main");
        }
        Request first = accepted(words);
        CHECK(first.action == Action::operate);
        CHECK(cli::usage_line(*verb, cli::Reach::over_ssh).starts_with(first.words[0]));
        Words again = first.words;
        again.insert(again.begin(), "quire");
        CHECK(accepted(again).words == first.words);
    }
}

TEST_CASE("a verb or option that is not marked for ssh is refused, each of them")
{
    for (const cli::Verb& verb : cli::verbs()) {
        Words words = typed(verb);
        for (const cli::Operand& operand : verb.operands)
            words.push_back(operand.kind == cli::Kind::number ? "7" : "foo");
        CAPTURE(verb.name);
        if (verb.reach != cli::Reach::over_ssh) {
            CHECK(!check(words, root));
            continue;
        }
        for (const cli::Flag& flag : verb.flags) {
            Words with = words;
            with.push_back(fmt::format("--{}", flag.name));
            if (flag.argument)
                with.push_back(flag.kind == cli::Kind::number ? "7" : "main");
            CAPTURE(flag.name);
            CHECK(check(with, root).has_value() == (flag.reach == cli::Reach::over_ssh));
        }
    }
}

TEST_CASE("a verb without its operands, or with one more, is refused with its usage at hand")
{
    for (const cli::Verb* verb : served()) {
        cli::Arity arity = verb->arity();
        bool takes_more = !verb->operands.empty() && verb->operands.back().kind == cli::Kind::prose;
        std::vector<size_t> counts;
        if (arity.least > 0)
            counts.push_back(arity.least - 1);
        if (!takes_more)
            counts.push_back(arity.most + 1);
        for (size_t count : counts) {
            Words words = typed(*verb);
            words.resize(words.size() + count, "foo");
            std::string usage;
            auto request = check(words, root, &usage);
            CAPTURE(verb->name, count);
            REQUIRE(!request);
            CHECK(request.error().kind == ErrorKind::usage);
            CHECK(usage.starts_with(fmt::format("quire {}", verb->name)));
        }
    }
}

TEST_CASE("what follows a text for people belongs to it, only where it can be nothing else")
{
    CHECK(accepted({"quire", "new", "foo", "--description", "a", "b"}).words ==
          Words{"new", "--description", "a b", "--", "foo"});
    CHECK(accepted({"quire", "freeze", "foo", "a", "b"}).words == Words{"freeze", "--", "foo", "a b"});
    // The name is still missing, so the second word is the name, and the third is nothing.
    CHECK(!check(Words{"quire", "new", "--description", "a", "b", "foo"}, root));
    // Something else stood in between.
    CHECK(!check(Words{"quire", "new", "foo", "--description", "a", "--private", "b"}, root));
    CHECK(!check(Words{"quire", "new", "foo", "--description", "a", "--", "b"}, root));
    CHECK(!check(Words{"quire", "new", "--description", "a", "foo", "b"}, root));
    // No text for people: a branch, a job, a setting's value.
    CHECK(!check(Words{"quire", "new", "foo", "--default-branch", "a", "b"}, root));
    CHECK(!check(Words{"quire", "logs", "foo", "7", "--job", "a", "b"}, root));
    CHECK(!check(Words{"quire", "config", "set", "foo", "description", "a", "b"}, root));
    // Together they are held against the bounds of one.
    CHECK(!check(Words{"quire", "describe", "foo", std::string(600, 'a'), std::string(600, 'b')}, root));
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

TEST_CASE("help over ssh names what is served and nothing else")
{
    std::string help = help_over_ssh();
    for (const cli::Verb& verb : cli::verbs()) {
        // The line of "backup status" begins like one of "backup".
        auto begins_with_it = [&](const cli::Verb& other) {
            return other.reach == cli::Reach::over_ssh &&
                   std::string_view(other.name).starts_with(fmt::format("{} ", verb.name));
        };
        bool is_served =
            verb.reach == cli::Reach::over_ssh || std::any_of(cli::verbs().begin(), cli::verbs().end(), begins_with_it);
        CHECK((help.find(fmt::format("  {} ", verb.name)) != std::string::npos) == is_served);
    }
    for (const Service& service : git_services())
        CHECK(help.find(fmt::format("  {} NAME", service.name)) != std::string::npos);
}

TEST_CASE("help is given on what is served only")
{
    CHECK(accepted({"quire", "help", "new"}).help.starts_with("usage: quire new NAME"));
    CHECK(accepted({"quire", "help", "config"}).help.find("usage: quire config unset") != std::string::npos);
    CHECK(accepted({"quire", "help", "replay"}).help.find("--run") == std::string::npos);
    CHECK(!check(Words{"quire", "help", "init"}, root));
    CHECK(!check(Words{"quire", "help", "refresh-git"}, root));
}
