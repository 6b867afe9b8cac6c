#include "store/authorized_keys.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::store;

const std::string blob = "AAAAC3NzaC1lZDI1NTE5AAAAIEZ5SOuY2+9DzG5TJ0bGmiKmqHuyR4YYP0xmr2KnVCPU";
const PublicKey key{"ssh-ed25519", blob};
const std::string word = "ssh-ed25519 " + blob;

static std::string name_in(const std::string& text)
{
    auto keys = read_authorized_keys(text);
    return keys.size() == 1 ? keys[0].rights.name : "?";
}

TEST_CASE("a name is that of the very key, with or without options before it")
{
    const std::string print = "SHA256:JLLCRSanzjHoyv1TBgCSqIHPpwU0TehpONCt/rPYsu8";
    CHECK(fingerprint(key) == print);
    CHECK(!fingerprint(PublicKey{"ssh-ed25519", "!!"}));
    CHECK(name_in(word + " ada@engine\n") == "ada@engine");
    CHECK(name_in("  " + word + "  ada at home \r\n") == "ada at home");
    CHECK(name_in("from=\"a b,c\",command=\"quire-exec\" " + word + " ada") == "ada");
    CHECK(name_in("command=\"quire-exec --pusher eve\" " + word + " ada") == "eve");
    CHECK(name_in(word + "\n") == print);
    CHECK(name_in(word + " a\x1b[2J\n") == print);
    CHECK(name_in(word + " " + std::string(101, 'a') + "\n") == print);
    CHECK(name_in("# " + word + " ada\n") == "?");
    CHECK(name_in("x" + word + " ada\n") == "?");
}

TEST_CASE("a line that was written is read back")
{
    KeyRights rights{.name = "ada@engine", .only_reads = true, .only = std::vector<RepoName>()};
    rights.only->push_back(RepoName::parse("foo").value());
    rights.only->push_back(RepoName::parse("work/bar").value());
    std::string line = authorized_line(key, rights, "/opt/it's \"here\"/quire-exec", "/var/a b");
    auto keys = read_authorized_keys("junk\n\n" + line);
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].fault.empty());
    CHECK(keys[0].line == 3);
    CHECK(keys[0].is_restricted);
    CHECK(keys[0].key == key);
    CHECK(keys[0].rights.name == "ada@engine");
    CHECK(keys[0].rights.only_reads);
    CHECK(*keys[0].rights.only == *rights.only);
    CHECK(keys[0].rights.reaches(RepoName::parse("work/bar").value()));
    CHECK(!keys[0].rights.reaches(RepoName::parse("bar").value()));
}

TEST_CASE("the line for a container is understood")
{
    auto keys = read_authorized_keys("restrict,command=\"exec docker exec -i -u quire -e GIT_PROTOCOL quire quire-exec "
                                     "--pusher alice --may read \\\"$SSH_ORIGINAL_COMMAND\\\"\" " +
                                     word + " x\n");
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].fault == "");
    CHECK(keys[0].rights.name == "alice");
    CHECK(keys[0].rights.only_reads);
}

TEST_CASE("keys go with a repository that is renamed")
{
    RepoName foo = RepoName::parse("foo").value(), bar = RepoName::parse("work/bar").value();
    RepoName next = RepoName::parse("work/next").value();
    std::string own = authorized_line(key, {.name = "ada", .only_reads = true, .only = {{foo, bar}}},
                                      "/opt/foo,work/bar/quire-exec", "/var/--only foo,work/bar");
    std::string all = authorized_line(key, {.name = "foo", .only_reads = false, .only = {}}, "/q/quire-exec", "/foo");
    std::string other =
        authorized_line(key, {.name = "b", .only_reads = false, .only = {{bar}}}, "/q/quire-exec", "/r");
    std::string quoted = "command=\"exec /q/quire-exec --pusher c --only 'foo'\" " + word + " c";
    std::string text = "# foo\r\n\n" + all + other + quoted;
    RenamedKeys nothing = rename_in_keys(text, next, foo);
    CHECK(nothing.text == text);
    CHECK(nothing.lines.empty());
    RenamedKeys renamed = rename_in_keys(text, foo, next);
    CHECK(renamed.text == text);
    CHECK(renamed.unclear == std::vector<size_t>{5});
    renamed = rename_in_keys(text, bar, next);
    CHECK(renamed.lines == std::vector<size_t>{4});
    auto keys = read_authorized_keys(renamed.text);
    REQUIRE(keys.size() == 3);
    CHECK(*keys[1].rights.only == std::vector{next});
    CHECK(without_lines(renamed.text, {4}) == without_lines(text, {4}));
    // Where the words stand in the way of themselves, a person has to look.
    renamed = rename_in_keys(own, foo, next);
    CHECK(renamed.unclear == std::vector<size_t>{1});
    CHECK(renamed.text == own);
}

TEST_CASE("taking lines out leaves every other byte")
{
    CHECK(without_lines("a\nb\r\n\n\tc", {}) == "a\nb\r\n\n\tc");
    CHECK(without_lines("a\nb\r\n\n\tc", {1, 4}) == "b\r\n\n");
    CHECK(without_lines(std::string("a\0b\nc\n", 6), {2}) == std::string("a\0b\n", 4));
}

static std::string refusal(const std::string& line)
{
    auto parsed = parse_public_key(line);
    return parsed ? "" : parsed.error().message;
}

TEST_CASE("only whole public keys of good types are taken")
{
    CHECK(refusal(word + " ada\n") == "");
    CHECK(parse_public_key(word + " ada").value() == key);
    auto broken = [&](const std::string& line) { return refusal(line).find("broken") != std::string::npos; };
    CHECK(broken("ssh-ed25519 " + blob.substr(0, 60)));
    CHECK(broken("ssh-ed25519 " + blob + "AAAA"));
    CHECK(broken("ssh-ed25519 !!!"));
    CHECK(broken("ssh-ed25519"));
    CHECK(broken("ssh-rsa " + blob));
    CHECK(broken("ecdsa-sha2-nistp256 " + blob));
    for (const char* line :
         {"", "ada", "ssh-dss AAAA", "ssh-ed25519-cert-v01@openssh.com AAAA", "-----BEGIN PUBLIC KEY-----"})
        CHECK(refusal(line) != "");
    CHECK(refusal(word + "\n" + word).find("one line") != std::string::npos);
    CHECK(refusal("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl").find("private half") != std::string::npos);
    CHECK(refusal("restrict " + word).find("no type of key") != std::string::npos);
}
