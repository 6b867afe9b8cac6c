#include "search/update.h"

#include <catch2/catch_test_macros.hpp>

#include "search/query.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::search;
using tests::repo;

namespace {

/// A repository "foo" with a work tree beside it.
struct Forge : tests::ScratchRoot {
    Forge()
    {
        git({"init", "-q", "-b", "main", "work"});
        git({"init", "-q", "-b", "main", "--bare", "repos/foo.git"});
    }
    void git(std::vector<std::string> arguments, const std::string& below = ".")
    {
        UniqueFd where = sys::open_directory(fd(), below).value();
        sys::Command command{.argv = {"git", "-c", "user.name=a", "-c", "user.email=a@b"}, .directory = where.get()};
        command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
        auto output = sys::run_ok(command);
        INFO((output ? "" : output.error().message));
        REQUIRE(output);
    }
    void push(const std::string& name, std::string_view content, const std::string& branch = "main")
    {
        REQUIRE(sys::replace_file(UniqueFd(sys::open_directory(fd(), "work").value()).get(), name, content));
        git({"add", "-A"}, "work");
        git({"commit", "-q", "-m", "x"}, "work");
        git({"push", "-q", "-f", "../repos/foo.git", "HEAD:refs/heads/" + branch}, "work");
    }
    Updated update(const UpdateLimits& limits = {})
    {
        auto updated = update_index(root, repo("foo"), limits);
        INFO((updated ? "" : updated.error().message));
        REQUIRE(updated);
        return *updated;
    }
    size_t found(std::string_view words)
    {
        auto index = IndexCache(root).find(repo("foo"));
        if (!index)
            return 0;
        auto query = Query::parse(words, Syntax::words, Case::ignored);
        Matcher matcher(*query);
        size_t count = 0;
        std::string text;
        for (const auto& segment : index->segments()) {
            DocSet docs = segment->candidates(query->need);
            for (uint32_t doc = 0; doc < segment->docs().size(); ++doc)
                count += docs.has(doc) && segment->read(doc, text) && matcher.scan(text, 1, 1, Patience()).count > 0;
        }
        return count;
    }
    std::vector<std::string> files() { return sys::list_directory(fd(), "cache/.search/foo.git").value(); }
};

} // namespace

TEST_CASE("what is pushed is indexed, each file once")
{
    Forge forge;
    CHECK(forge.update().added == 0); // nothing is there yet
    forge.push("one", "the first text\n");
    CHECK(forge.update().added == 1);
    CHECK(forge.found("first text") == 1);
    forge.push("two", "the second text\n");
    CHECK(forge.update().added == 1);
    CHECK(forge.update().added == 0);
    CHECK(forge.found("text") == 2);
    forge.push("one", "the third text\n", "side");
    CHECK(forge.update().added == 1);
    CHECK(forge.found("text") == 3);
}

TEST_CASE("many small pushes stay few segments")
{
    Forge forge;
    for (int i = 0; i < 12; ++i) {
        forge.push("file" + std::to_string(i), "text number " + std::to_string(i) + "\n");
        CHECK(forge.update().segments <= 5);
    }
    CHECK(forge.found("number") == 12);
}

TEST_CASE("binary, large and odd files")
{
    Forge forge;
    forge.push("binary", std::string("text\0text", 9));
    forge.push("large", std::string(largest_text + 1, 'x') + " text");
    forge.push("a\nb \"c\"", "text of an odd name");
    forge.push("empty", "");
    CHECK(forge.update().added == 4);
    CHECK(forge.found("text") == 1);
}

TEST_CASE("a damaged or missing segment is made anew")
{
    Forge forge;
    forge.push("one", "the first text\n");
    forge.update();
    for (const std::string& name : forge.files())
        if (name.ends_with(segment_suffix)) {
            auto file = sys::open_at(forge.fd(), "cache/.search/foo.git/" + name, O_WRONLY);
            REQUIRE(sys::write_at(file->get(), "TH", 15));
        }
    CHECK(forge.found("first") == 0);
    forge.update();
    CHECK(forge.found("first") == 1);
    for (const std::string& name : forge.files())
        if (name.ends_with(segment_suffix))
            REQUIRE(sys::unlink_at(forge.fd(), "cache/.search/foo.git/" + name));
    forge.push("two", "the second text\n");
    forge.update();
    CHECK(forge.found("text") == 2);
    REQUIRE(sys::remove_tree(forge.fd(), "cache/.search"));
    CHECK(forge.found("text") == 0);
    forge.update();
    CHECK(forge.found("text") == 2);
}

TEST_CASE("there is a limit for all texts together")
{
    Forge forge;
    forge.push("one", std::string(1000, 'x') + " needle");
    forge.push("two", std::string(1000, 'y') + " needle");
    forge.update({.text = 1500, .segment = 800});
    CHECK(forge.found("needle") == 1);
}

TEST_CASE("there is no index of a repository that is not there")
{
    Forge forge;
    CHECK(update_index(forge.root, repo("bar")).error().kind == ErrorKind::not_found);
    CHECK(!sys::exists(forge.fd(), "cache/.search/bar.git"));
}
