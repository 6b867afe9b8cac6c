#include "git/object_reader.h"

#include "base/strings.h"
#include "support/scratch_root.h"
#include "sys/process.h"

using namespace quire;

namespace {

/// A bare repository in which the tests make commits without a work tree.
struct Bare : tests::Scratch {
    Bare() { git({"init", "--bare", "-q", "."}); }

    std::string git(std::vector<std::string> arguments, const std::string& input = "") const
    {
        arguments.insert(arguments.begin(), "git");
        sys::Environment environment = sys::base_environment();
        for (const char* who :
             {"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b"})
            environment.emplace_back(who);
        auto out = sys::run_ok({.argv = arguments, .environment = environment, .directory = fd()}, {.input = input});
        REQUIRE(out);
        return std::string(trim(*out));
    }
    std::string commit(const std::string& parent, const std::string& message) const
    {
        std::vector<std::string> arguments{"commit-tree", git({"mktree"}), "-m", message};
        if (!parent.empty())
            arguments.insert(arguments.end(), {"-p", parent});
        return git(arguments);
    }
};

} // namespace

TEST_CASE("commits are read, tags peeled, and what is no commit is absent")
{
    Bare bare;
    std::string first = bare.commit("", "one");
    std::string second = bare.commit(first, "two\n\nbody");
    bare.git({"tag", "-a", "-m", "tag", "v1", second});
    std::string tag = bare.git({"rev-parse", "v1"});
    std::string blob = bare.git({"hash-object", "-w", "--stdin"}, "content");
    auto reader = git::ObjectReader::start(bare.fd());
    REQUIRE(reader);
    auto commits = reader->commits({second, tag, blob, std::string(40, 'f'), first});
    REQUIRE(commits);
    REQUIRE(commits->size() == 5);
    CHECK((*commits)[0]->parents == std::vector<std::string>{first});
    CHECK((*commits)[0]->message == "two\n\nbody");
    CHECK((*commits)[1]->id == second);
    CHECK_FALSE((*commits)[2].has_value());
    CHECK_FALSE((*commits)[3].has_value());
    CHECK((*commits)[4]->id == first);
}

TEST_CASE("more requests than a pipe holds are answered in order")
{
    Bare bare;
    std::string id = bare.commit("", std::string(3000, 'm'));
    auto reader = git::ObjectReader::start(bare.fd());
    auto commits = reader->commits(std::vector<std::string>(1000, id));
    REQUIRE(commits);
    CHECK(commits->size() == 1000);
    CHECK(commits->back()->message.size() == 3000);
}

TEST_CASE("a path is a file, or it is not")
{
    Bare bare;
    std::string blob = bare.git({"hash-object", "-w", "--stdin"}, "content");
    std::string inner = bare.git({"mktree"}, "100644 blob " + blob + "\tci.fnl\n");
    std::string tree = bare.git({"mktree"}, "040000 tree " + inner + "\t.quire\n");
    std::string commit = bare.git({"commit-tree", tree, "-m", "x"});
    auto reader = git::ObjectReader::start(bare.fd());
    auto answers = reader->are_files(
        {commit + ":.quire/ci.fnl", commit + ":.quire", commit + ":missing", std::string(40, 'f') + ":.quire/ci.fnl"});
    REQUIRE(answers);
    CHECK(*answers == std::vector<bool>{true, false, false, false});
}

TEST_CASE("ancestry is found near, far, and not at all")
{
    Bare bare;
    std::string root = bare.commit("", "root");
    std::string tip = root;
    for (int i = 0; i < 70; ++i) // beyond the walk that the reader does by itself
        tip = bare.commit(tip, "more");
    std::string other = bare.commit("", "other");
    auto reader = git::ObjectReader::start(bare.fd());
    CHECK(*git::is_ancestor(*reader, bare.fd(), tip, tip));
    CHECK(*git::is_ancestor(*reader, bare.fd(), root, tip));
    CHECK_FALSE(*git::is_ancestor(*reader, bare.fd(), tip, root));
    CHECK_FALSE(*git::is_ancestor(*reader, bare.fd(), other, tip));
}

TEST_CASE("jj's conflicts are seen in the headers, not in the message")
{
    CHECK(git::parse_commit("x", "tree t\nauthor a\njj:trees 1 2 3\n\nmessage").conflicted);
    CHECK_FALSE(git::parse_commit("x", "tree t\nauthor a\n\njj:trees 1 2 3").conflicted);
}
