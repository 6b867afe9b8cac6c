#include "store/repo_name.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace quire;
using store::RepoName;

TEST_CASE("a name is letters, digits and ._- with at most one group")
{
    auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"foo", "foo"},
        {"foo.git", "foo"},
        {"work/bar", "work/bar"},
        {"work/bar.git", "work/bar"},
        {"a", "a"},
        {"9lives", "9lives"},
        {"a.b_c-d", "a.b_c-d"},
        {"quire", "quire"},
        {std::string(100, 'x'), std::string(100, 'x')},
    }));
    auto name = RepoName::parse(text);
    REQUIRE(name);
    CHECK(name->str() == expected);
    CHECK(name->directory() == expected + ".git");
}

TEST_CASE("what is not a name is refused with a reason that quotes it")
{
    std::string text = GENERATE(values<std::string>({"",
                                                     ".git",
                                                     "/",
                                                     "/foo",
                                                     "foo/",
                                                     "a/b/c",
                                                     "a//b",
                                                     "..",
                                                     "../foo",
                                                     "foo/..",
                                                     "foo/../bar",
                                                     "a..b",
                                                     ".hidden",
                                                     "-rf",
                                                     "--upload-pack=x",
                                                     "_foo",
                                                     "foo/.hidden",
                                                     "foo/-x",
                                                     "foo bar",
                                                     "foo\nbar",
                                                     "foo\tbar",
                                                     "foo;bar",
                                                     "foo$bar",
                                                     "foo`bar",
                                                     "foo'bar",
                                                     "foo\"bar",
                                                     "foo\\bar",
                                                     "foo:bar",
                                                     "foo@bar",
                                                     "foo*bar",
                                                     "foo?bar",
                                                     "foo%2Fbar",
                                                     "foo\x7f",
                                                     "foo\x1b[31m",
                                                     "f\xc3\xb6o",
                                                     "foo.git.git",
                                                     "foo.git/bar",
                                                     "foo.lock",
                                                     "a.lock/b",
                                                     "foo.",
                                                     "work./bar",
                                                     "runs",
                                                     "RUNS",
                                                     "runs/foo",
                                                     "repos/foo",
                                                     "healthz",
                                                     "robots.txt",
                                                     "favicon.ico",
                                                     "static",
                                                     "foo~",
                                                     "~foo",
                                                     "foo^"}));
    auto name = RepoName::parse(text);
    REQUIRE_FALSE(name);
    CHECK(name.error().kind == ErrorKind::invalid);
    CHECK(name.error().message.find('\n') == std::string::npos);
    CHECK(name.error().message.find('\x1b') == std::string::npos);
}

TEST_CASE("a name with a NUL, or of 101 bytes, is refused")
{
    CHECK_FALSE(RepoName::parse(std::string_view("foo\0bar", 7)));
    CHECK_FALSE(RepoName::parse(std::string(101, 'x')));
}

TEST_CASE("requests come in the forms that git and people send")
{
    auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"foo", "foo"},
        {"/foo.git", "foo"},
        {"~/foo", "foo"},
        {"/~/foo", "foo"},
        {"foo/", "foo"},
        {"/work/bar.git/", "work/bar"},
        {"/var/quire/repos/foo.git", "foo"},
        {"/var/quire/foo", "foo"},
        {"/var/quire/repos/work/bar", "work/bar"},
        {"/etc/passwd", "etc/passwd"}, // a repository's name like any other, below repos/
    }));
    auto name = RepoName::from_request(text, "/var/quire");
    REQUIRE(name);
    CHECK(name->str() == expected);
}

TEST_CASE("a request can't name what a name can't")
{
    std::string text = GENERATE(values<std::string>({
        "//foo",
        "~foo",
        "~//foo",
        "/../foo",
        "/var/quire/../foo",
        "/var/quire/repos/../runs/x",
        "/var/quire/",
        "foo//",
        "./foo",
        "/./foo",
        "/var/quire/repos/",
    }));
    CAPTURE(text);
    CHECK_FALSE(RepoName::from_request(text, "/var/quire"));
}

TEST_CASE("a component names one repository and is one path component")
{
    for (const char* text : {"foo", "work/bar", "a.b/c.d"}) {
        RepoName name = RepoName::parse(text).value();
        std::string component = name.component();
        CHECK(component.find('/') == std::string::npos);
        auto back = RepoName::from_component(component);
        REQUIRE(back);
        CHECK(*back == name);
    }
    CHECK_FALSE(RepoName::from_component("foo"));
    CHECK_FALSE(RepoName::from_component("a%2Fb%2Fc.git"));
    CHECK_FALSE(RepoName::from_component("a%2fb.git"));
    CHECK_FALSE(RepoName::from_component("..%2Fb.git"));
}
