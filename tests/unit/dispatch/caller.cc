#include "dispatch/caller.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::dispatch;

const std::string blob = "AAAAC3NzaC1lZDI1NTE5AAAAIEZ5SOuY2+9DzG5TJ0bGmiKmqHuyR4YYP0xmr2KnVCPU";

TEST_CASE("the key is the one of the last publickey line")
{
    CHECK(!key_in_auth_info(""));
    CHECK(!key_in_auth_info("password\n"));
    CHECK(!key_in_auth_info("publickey \n"));
    CHECK(!key_in_auth_info("publickey ssh-rsa\n"));
    auto found = key_in_auth_info("publickey ssh-rsa AAAA\npublickey ssh-ed25519 BBBB\n");
    REQUIRE(found);
    CHECK(found->type == "ssh-ed25519");
    CHECK(found->base64 == "BBBB");
}

namespace {

struct World {
    tests::Scratch directory;
    std::map<std::string, std::string> environment;
    Invocation invocation;

    void write(const std::string& name, const std::string& text)
    {
        REQUIRE(sys::append_file(directory.fd(), name, text));
    }
    void log_in() { log_in("publickey ssh-ed25519 " + blob + "\n"); }
    void log_in(const std::string& info)
    {
        write("auth", info);
        environment["SSH_USER_AUTH"] = directory.path() + "/auth";
        environment["SSH_CONNECTION"] = "192.0.2.1 5 192.0.2.2 22";
    }
    void authorize(const std::string& text)
    {
        write("keys", text);
        invocation.keys = directory.path() + "/keys";
    }
    Result<store::KeyRights> ask() const
    {
        return find_caller(invocation, [&](const char* name) -> std::optional<std::string> {
            auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional(found->second);
        });
    }
};

std::string line(const std::string& options)
{
    return "restrict,command=\"exec /usr/bin/quire-exec --root /var/quire " + options + "\" ssh-ed25519 " + blob +
           " comment\n";
}

} // namespace

TEST_CASE("a key that has logged in gets what its line says")
{
    World world;
    world.log_in();
    world.authorize("# a comment\n" + line("--pusher ada --may read --only hello,work/bar"));
    auto caller = world.ask();
    REQUIRE(caller);
    CHECK(caller->name == "ada");
    CHECK(caller->only_reads);
    CHECK(caller->only->size() == 2);

    SECTION("and never more than options say besides")
    {
        world.invocation.rights.only = {store::RepoName::parse("hello").value()};
        world.invocation.rights.name = "somebody";
        auto narrow = world.ask();
        REQUIRE(narrow);
        CHECK(narrow->name == "somebody");
        CHECK(narrow->only_reads);
        REQUIRE(narrow->only->size() == 1);
        CHECK(narrow->only->front().str() == "hello");
    }
}

TEST_CASE("what a key may do is never guessed")
{
    World world;
    auto is_refused = [&] {
        auto caller = world.ask();
        return !caller.has_value();
    };
    SECTION("its line is gone")
    {
        world.log_in();
        world.authorize("ssh-ed25519 AAAA other\n");
    }
    SECTION("the file is gone")
    {
        world.log_in();
        world.invocation.keys = world.directory.path() + "/none";
    }
    SECTION("the auth info is gone") { world.environment["SSH_USER_AUTH"] = world.directory.path() + "/none"; }
    SECTION("the auth info that was passed on names none") { world.invocation.auth_info = "password"; }
    SECTION("its line has another command")
    {
        world.log_in();
        world.authorize("command=\"/usr/bin/backup\" ssh-ed25519 " + blob + " b\n");
    }
    SECTION("its line has two commands")
    {
        world.log_in();
        world.authorize("command=\"quire-exec --may read\",command=\"quire-exec\" ssh-ed25519 " + blob + " b\n");
    }
    SECTION("its line has a word that is not known")
    {
        world.log_in();
        world.authorize(line("--pusher ada --may write"));
    }
    SECTION("its line has an option that is not known")
    {
        world.log_in();
        world.authorize(line("--pusher ada --unless sunday"));
    }
    SECTION("its line has an option twice")
    {
        world.log_in();
        world.authorize(line("--only hello --only bar"));
    }
    SECTION("its line does not end")
    {
        world.log_in();
        world.authorize("command=\"quire-exec --may 'read\" ssh-ed25519 " + blob + " b\n");
    }
    SECTION("it has two lines, and one has bounds")
    {
        world.log_in();
        world.authorize("ssh-ed25519 " + blob + " ada\n" + line("--pusher ada --may read"));
    }
    SECTION("sshd does not say which key it was, and some key has bounds")
    {
        world.environment["SSH_CONNECTION"] = "192.0.2.1 5 192.0.2.2 22";
        world.authorize(line("--pusher ada --may read"));
    }
    CHECK(is_refused());
}

TEST_CASE("where no key has bounds, a caller without a key is the operator")
{
    World world;
    world.invocation.keys = world.directory.path() + "/none";
    auto alone = world.ask();
    REQUIRE(alone);
    CHECK(alone->name == "operator");
    CHECK(!alone->has_bounds());
    world.environment["SSH_CONNECTION"] = "192.0.2.1 5 192.0.2.2 22";
    world.authorize(line("--pusher ada"));
    CHECK(world.ask().value_or({}).name == "operator");
}

TEST_CASE("a caller whom sshd gave its line's command needs no look at the file")
{
    World world;
    world.log_in();
    world.invocation.keys = world.directory.path() + "/none";
    world.invocation.rights.name = "ada";
    world.invocation.rights.only_reads = true;
    auto caller = world.ask();
    REQUIRE(caller);
    CHECK(caller->name == "ada");
    CHECK(caller->only_reads);
}
