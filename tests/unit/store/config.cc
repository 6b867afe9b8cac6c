#include "store/config.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "store/config_keys.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

using namespace quire;
using store::RepoName;

namespace {

/// A directory with one config file in both places, removed with its end.
class Place {
public:
    explicit Place(std::string_view source)
    {
        REQUIRE(::mkdtemp(m_path) != nullptr);
        m_fd = sys::open_directory(AT_FDCWD, m_path).value();
        REQUIRE(sys::make_directory(fd(), "quire").has_value());
        REQUIRE(sys::replace_file(fd(), store::paths::config, source, 0600).has_value());
        REQUIRE(sys::append_file(fd(), store::paths::repository_config, source).has_value());
    }
    ~Place() { (void)sys::remove_tree(AT_FDCWD, m_path); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    int fd() const { return m_fd.get(); }

    Result<store::RepositoryConfig> repository() const
    {
        return store::read_repository_config(fd(), RepoName::parse("work/bar").value());
    }
    Result<store::GlobalConfig> global() const { return store::read_global_config(store::Root::open(m_path).value()); }

private:
    char m_path[32] = "/tmp/quire-config.XXXXXX";
    UniqueFd m_fd;
};

std::string repository_fault(std::string_view source) { return Place(source).repository().error().message; }

std::string global_fault(std::string_view source) { return Place(source).global().error().message; }

} // namespace

TEST_CASE("a repository's config is read")
{
    auto config = Place("; mine\n{:description \"a thing\" :private true :pinned [:main \"v1\"]}\n").repository();
    REQUIRE(config);
    CHECK(config->description == "a thing");
    CHECK(config->is_private);
    CHECK_FALSE(config->frozen);
    CHECK(config->pinned == std::vector<std::string>{"main", "v1"});
    CHECK(config->fault.empty());
}

TEST_CASE("frozen is true, false or a message")
{
    CHECK(Place("{:frozen true}").repository()->frozen);
    CHECK_FALSE(Place("{:frozen false}").repository()->frozen);
    auto config = Place("{:frozen \"moved away\"}").repository();
    CHECK(config->frozen);
    CHECK(config->frozen_message == "moved away");
    CHECK(Place("{:frozen \"\"}").repository()->frozen);
}

TEST_CASE("no file, an empty one and one of comments mean the defaults")
{
    for (const char* source : {"", "\n\n", "; nothing yet\n  ; {:private true}\n", "{}"}) {
        CAPTURE(source);
        auto config = Place(source).repository();
        REQUIRE(config);
        CHECK_FALSE(config->is_private);
    }
    Place place("{");
    REQUIRE(sys::unlink_at(place.fd(), store::paths::repository_config).has_value());
    CHECK(place.repository().has_value());
}

TEST_CASE("what is wrong in a config is named with its place")
{
    CHECK(repository_fault("{:privat true}") ==
          "repos/work/bar.git/quire/config.fnl:1:2: unknown key :privat; did you mean :private?");
    CHECK(repository_fault("{:description :x\n :frozen 3}") ==
          "repos/work/bar.git/quire/config.fnl:2:10: :frozen wants true or false or a string, not an integer");
    CHECK(repository_fault("{:private :yes}").ends_with(":1:11: :private wants true or false, not a string"));
    CHECK(repository_fault("{:pinned [1]}").ends_with(":1:11: an entry of :pinned wants a string, not an integer"));
    CHECK(repository_fault("[:private]").find("wants a table, not a sequence") != std::string::npos);
    CHECK(repository_fault("{:private").starts_with("repos/work/bar.git/quire/config.fnl:1:"));
    CHECK(global_fault("{:max-concurrent-runs -1}").ends_with(":max-concurrent-runs is -1; it wants 0 to 1000"));
    CHECK(global_fault("{:executor :bwarp}").ends_with(":executor can't be bwarp; did you mean bwrap?"));
    CHECK(global_fault("{:secrets {:token {:fil \"x\"}}}").ends_with("did you mean :file?"));
    CHECK(global_fault("{:description \"of a repository\"}").find("unknown key :description") != std::string::npos);
}

TEST_CASE("a config that is code is told apart from a broken one")
{
    auto code = Place("(let [x 1] {:private true})").repository();
    REQUIRE_FALSE(code);
    CHECK(text::is_code(code.error()));
    CHECK_FALSE(text::is_code(Place("{:private").repository().error()));
}

TEST_CASE("what can't be read is closed")
{
    auto config = store::closed_config(Place("{:privat true}").repository().error());
    CHECK(config.is_private);
    CHECK(config.frozen);
    CHECK(config.fault.find("did you mean") != std::string::npos);
}

TEST_CASE("the global config and the URLs it makes")
{
    auto config = Place("{:host \"git@example.org\" :url \"https://example.org/\" :env {:A \"b\"}\n"
                        " :secrets {:a \"plain\" :b {:file \"/run/b\"}} :proxy-secret {:file \"/run/p\"}}")
                      .global();
    REQUIRE(config);
    RepoName name = RepoName::parse("work/bar").value();
    CHECK(config->clone_url(name) == "git@example.org:work/bar");
    CHECK(config->run_url(name, 42) == "https://example.org/work/bar/runs/42");
    CHECK(config->secrets.at("a").value == "plain");
    CHECK(config->secrets.at("b").file == "/run/b");
    CHECK(config->proxy_secret.file == "/run/p");
    CHECK(config->env.at("A") == "b");
    auto with_port = Place("{:host \"ssh://git@example.org:2222/\"}").global();
    CHECK(with_port->clone_url(name) == "ssh://git@example.org:2222/work/bar");
    CHECK(Place("{}").global()->clone_url(name).empty());
    CHECK(Place("{}").global()->run_url(name, 1).empty());
}

TEST_CASE("a URL is of the web, and addresses of mail are one line")
{
    for (const char* url : {"https://example.org/forge", "http://127.0.0.1:8080", ""})
        CHECK(Place(fmt::format("{{:url \"{}\"}}", url)).global());
    for (const char* url : {"javascript:alert(1)", "ftp://example.org", "example.org", "//example.org", "https://",
                            "https://example.org/ x", "https://example.org\\nx", "HTTPS:example.org"}) {
        INFO(url);
        CHECK(global_fault(fmt::format("{{\n:url \"{}\"}}", url)).starts_with("config.fnl:2:6: :url: it "));
    }
    for (const char* wrong :
         {"{:smtp {:from \"a@example.org\\nBcc: b@example.org\"}}", "{:smtp {:user \"a\\rb\"}}",
          "{:smtp {:host \"mail\\n\"}}", "{:notifications {:to [\"a@example.org\" \"b@example.org\\nBcc: c\"]}}"}) {
        INFO(wrong);
        CHECK(global_fault(wrong).find("it has a line break") != std::string::npos);
    }
    auto of_repository = repository_fault("{:notifications {:to [\"b@example.org\\nBcc: c\"]}}");
    CHECK(of_repository.find(":notifications :to: it has a line break") != std::string::npos);
}

TEST_CASE("what is no regular file is no config, and nobody waits for it")
{
    Place place("{}");
    for (const char* path : {store::paths::config, store::paths::repository_config}) {
        REQUIRE(sys::unlink_at(place.fd(), path));
        REQUIRE(::mkfifoat(place.fd(), path, 0600) == 0);
    }
    CHECK(place.global().error().message == "config.fnl is no regular file");
    CHECK(place.repository().error().message == "quire/config.fnl is no regular file");
    REQUIRE(sys::unlink_at(place.fd(), store::paths::config));
    REQUIRE(sys::symlink_at("/dev/zero", place.fd(), store::paths::config));
    CHECK(place.global().error().message == "config.fnl is no regular file");
}

TEST_CASE("a secret is itself, or what its file holds: without one newline, and below the root where it is relative")
{
    Place place("{}");
    auto root = store::Root::open(fmt::format("/proc/self/fd/{}", place.fd())).value();
    CHECK(*store::resolve_secret(root, {"plain\n", std::nullopt}) == "plain\n");
    REQUIRE(sys::append_file(place.fd(), "secret", "value\n\n"));
    CHECK(*store::resolve_secret(root, {"", "secret"}) == "value\n");
    CHECK(*store::resolve_secret(root, {"", root.absolute("secret")}) == "value\n");
    CHECK(store::resolve_secret(root, {"", "nosuch"}).error().message.starts_with("it can't be read: open nosuch"));
    REQUIRE(::mkfifoat(place.fd(), "fifo", 0600) == 0);
    CHECK(store::resolve_secret(root, {"", "fifo"}).error().message == "it can't be read: fifo is no regular file");
    CHECK(Place("{}").global()->proxy_secret.file == "proxy-secret");
}
