#include "ci/keeping/artifacts.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "base/sha256.h"
#include "support/scratch.h"
#include "sys/atomic_file.h"

using namespace quire;
using namespace quire::ci;
using quire::tests::Scratch;

namespace {

struct Workspace {
    void file(const std::string& path, std::string_view content = "x")
    {
        if (size_t slash = path.rfind('/'); slash != std::string::npos)
            REQUIRE(sys::make_directories(from.fd(), path.substr(0, slash)).has_value());
        REQUIRE(sys::append_file(from.fd(), path, content).has_value());
    }
    std::vector<std::string> collect(const std::string& pattern)
    {
        auto collected = collect_artifacts(place(), pattern);
        REQUIRE(collected.has_value());
        result = *collected;
        std::vector<std::string> paths;
        for (const Artifact& artifact : result.kept)
            paths.push_back(artifact.path);
        return paths;
    }

    ArtifactPlace place() { return {from.fd(), to.fd(), redactor, budget, taken}; }

    Scratch from, to;
    Redactor redactor;
    ArtifactBudget budget;
    std::set<std::string> taken;
    CollectedArtifacts result;
};

std::string shown(const LeftOut& file) { return file.path + ": " + file.reason; }

using Paths = std::vector<std::string>;

} // namespace

TEST_CASE("patterns match by component")
{
    CHECK(matches_pattern("a/*.txt", "a/b.txt"));
    CHECK_FALSE(matches_pattern("a/*.txt", "a/b/c.txt"));
    CHECK(matches_pattern("**/*.txt", "c.txt"));
    CHECK(matches_pattern("**/*.txt", "a/b/c.txt"));
    CHECK(matches_pattern("a/**", "a/b/c"));
    CHECK(matches_pattern("a/**/z", "a/z"));
    CHECK_FALSE(matches_pattern("a/**/z", "b/a/z"));
    CHECK(matches_pattern("[ab]?", "b1"));
    CHECK_FALSE(matches_pattern("a", "A"));
    CHECK_FALSE(matches_pattern("a/b", "a"));
}

TEST_CASE("only what may hold a match is searched")
{
    CHECK(may_match_below("a/*.txt", "a"));
    CHECK_FALSE(may_match_below("a/*.txt", "b"));
    CHECK_FALSE(may_match_below("a/*.txt", "a/b"));
    CHECK(may_match_below("a/**/x", "a/b/c"));
    CHECK_FALSE(may_match_below("a/**/x", "b/a"));
    CHECK(may_match_below("**", "x"));
    CHECK_FALSE(may_match_below("a", "a")); // all of it is wanted, which the search knows
}

TEST_CASE("what matches is copied, listed with size and digest, and taken off the budget")
{
    Workspace work;
    work.file("out/a.txt", "hello");
    work.file("out/deep/b.txt", std::string(600'000, 'b'));
    work.file("out/c.bin");
    CHECK(work.collect("out/**/*.txt") == Paths{"out/a.txt", "out/deep/b.txt"});
    CHECK(work.result.kept[0].size == 5);
    CHECK(work.result.kept[0].sha256 == sha256_hex("hello"));
    CHECK(work.result.kept[1].sha256 == sha256_hex(std::string(600'000, 'b')));
    CHECK(sys::read_file(work.to.fd(), "out/a.txt").value() == "hello");
    CHECK(work.budget.bytes == (1u << 30) - 600'005);
    CHECK(work.collect("out") == Paths{"out/c.bin"}); // a directory is all that is below; what is there already stays
    CHECK(work.collect("nothing*").empty());
    CHECK(work.result.left_out.empty());
}

TEST_CASE("nothing from outside the workspace is taken")
{
    Workspace work;
    Scratch outside;
    REQUIRE(sys::append_file(outside.fd(), "secret", "secret").has_value());
    work.file("inside", "inside");
    REQUIRE(sys::symlink_at(outside.path() + "/secret", work.from.fd(), "absolute").has_value());
    REQUIRE(sys::symlink_at("../" + outside.path().substr(outside.path().rfind('/') + 1) + "/secret", work.from.fd(),
                            "relative")
                .has_value());
    REQUIRE(sys::symlink_at(outside.path(), work.from.fd(), "directory").has_value());
    REQUIRE(sys::symlink_at("/proc/self/environ", work.from.fd(), "process").has_value());
    REQUIRE(sys::symlink_at("inside", work.from.fd(), "within").has_value());
    REQUIRE(sys::symlink_at("nowhere", work.from.fd(), "dangling").has_value());
    REQUIRE(::mkfifoat(work.from.fd(), "fifo", 0666) == 0);
    CHECK(work.collect("**") == Paths{"inside", "within"});
    CHECK(work.result.left_out.size() == 6);
    CHECK(shown(work.result.left_out[0]) == "absolute: leads out of the workspace");
    CHECK(sys::read_file(work.to.fd(), "within").value() == "inside");
    CHECK(work.collect("directory/*").empty());
    for (const char* bad : {"/etc/passwd", "../x", "a/../../x", "", "a//b", "a/", "./a", "**/**/**/**/**/x"}) {
        auto collected = collect_artifacts(work.place(), bad);
        REQUIRE_FALSE(collected.has_value());
        CHECK(collected.error().kind == ErrorKind::invalid);
    }
}

TEST_CASE("a symlink in the place where they are kept leads nowhere")
{
    Workspace work;
    Scratch outside;
    work.file("a/b", "new");
    REQUIRE(sys::symlink_at(outside.path(), work.to.fd(), "a").has_value());
    auto collected = collect_artifacts(work.place(), "a/b");
    CHECK_FALSE(collected.has_value());
    CHECK_FALSE(sys::exists(outside.fd(), "b"));
}

TEST_CASE("what does not fit is named, the rest is kept; .git is not searched")
{
    Workspace work;
    work.budget.bytes = 10;
    work.file("a", "12345678");
    work.file("b", "12345678");
    work.file("c", "12");
    work.file(".git/config", "x");
    CHECK(work.collect("**") == Paths{"a", "c"});
    REQUIRE(work.result.left_out.size() == 1);
    CHECK(shown(work.result.left_out[0]) == "b: past the limit of what is kept");
    CHECK(work.budget.bytes == 0);
    CHECK_FALSE(sys::exists(work.to.fd(), "b"));
}

TEST_CASE("names that hold a secret or are not text stay behind")
{
    Workspace work;
    work.redactor.add("correct-horse");
    work.file("of-correct-horse.txt");
    work.file("correct-horse/a");
    work.file("bytes-\xff");
    work.file("fine", "correct-horse");
    CHECK(work.collect("**") == Paths{"fine"});
    REQUIRE(work.result.left_out.size() == 3);
    CHECK(shown(work.result.left_out[0]) == "bytes-\xff: its name is not UTF-8");
    CHECK(shown(work.result.left_out[1]) == "<redacted>/a: its name holds a secret");
    CHECK(shown(work.result.left_out[2]) == "of-<redacted>.txt: its name holds a secret");
    CHECK(sys::list_directory(work.to.fd(), ".").value() == Paths{"fine"});
}

TEST_CASE("another attempt's file takes the place of the earlier one's, and its share")
{
    Workspace work;
    work.file("a", "first");
    CHECK(work.collect("*") == Paths{"a"});
    REQUIRE(sys::replace_file(work.from.fd(), "a", "second!").has_value());
    CHECK(work.collect("*").empty()); // the same attempt: it is taken
    CHECK(work.result.matched == 1);
    work.taken.clear();
    CHECK(work.collect("*") == Paths{"a"});
    CHECK(sys::read_file(work.to.fd(), "a").value() == "second!");
    CHECK(sys::list_directory(work.to.fd(), ".").value() == Paths{"a"});
    CHECK(work.budget.bytes == (1u << 30) - 7);
    CHECK(work.budget.files == ArtifactBudget().files - 1);
}

TEST_CASE("the number of files has a limit too")
{
    Workspace work;
    work.budget.files = 2;
    for (const char* name : {"a", "b", "c", "d"})
        work.file(name);
    CHECK(work.collect("*") == Paths{"a", "b"});
    CHECK(work.result.left_out.size() == 2);
}

TEST_CASE("without a place to keep them, artifacts are looked at")
{
    Workspace work;
    work.file("a", "hello");
    ArtifactPlace place{work.from.fd(), -1, work.redactor, work.budget, work.taken};
    auto collected = collect_artifacts(place, "a");
    REQUIRE(collected.has_value());
    REQUIRE(collected->kept.size() == 1);
    CHECK(collected->kept[0].sha256 == sha256_hex("hello"));
}
