#include "git/object_reader.h"

#include "base/strings.h"
#include "support/scratch_root.h"
#include "sys/file.h"
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
    auto reader = git::ObjectReader::create(bare.fd());
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
    auto reader = git::ObjectReader::create(bare.fd());
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
    auto reader = git::ObjectReader::create(bare.fd());
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
    auto reader = git::ObjectReader::create(bare.fd());
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

static const sys::Environment without_git = {"PATH=/nowhere", "GIT_DIR=."};

TEST_CASE("commits and files are known without git, whether they stand alone or in a pack")
{
    Bare bare;
    std::string blob = bare.git({"hash-object", "-w", "--stdin"}, "content");
    std::string inner = bare.git({"mktree"}, "100644 blob " + blob + "\tci.fnl\n120000 blob " + blob + "\tlink\n");
    std::string tree = bare.git({"mktree"}, "040000 tree " + inner + "\t.quire\n100755 blob " + blob + "\trun\n");
    std::string first = bare.git({"commit-tree", tree, "-m", "one"});
    std::string second = bare.git({"commit-tree", tree, "-p", first, "-m", std::string(100'000, 'x')});
    bare.git({"update-ref", "refs/heads/main", second});
    std::vector<std::string> paths{".quire/ci.fnl", ".quire/link", ".quire/no", ".quire",
                                   "run",           "run/it",      "no",        "no/no"};
    for (bool packed : {false, true}) {
        INFO("packed: " << packed);
        if (packed)
            bare.git({"gc", "-q"});
        auto git = git::ObjectReader::create(bare.fd());
        auto quick = git::ObjectReader::create(bare.fd(), without_git);
        REQUIRE(git);
        REQUIRE(quick);
        auto commits = quick->commits({second, first});
        REQUIRE(commits);
        REQUIRE((*commits)[0]);
        CHECK((*commits)[0]->parents == std::vector<std::string>{first});
        CHECK((*commits)[0]->message.size() == 100'000);
        CHECK((*commits)[1]->tree == tree);
        CHECK(git::is_ancestor(*quick, bare.fd(), first, second).value());
        for (const std::string& path : paths) {
            INFO(path);
            auto known = quick->are_files({second + ":" + path});
            REQUIRE(known);
            CHECK(*known == git->are_files({"main:" + path}).value());
        }
        CHECK_FALSE(quick->are_files({"main:run"})); // a name, which only git can read
    }
}

TEST_CASE("what is damaged, lent, huge or not there is asked of git, and answered in its place")
{
    Bare bare, borrower;
    std::string first = bare.commit("", "one"), second = bare.commit(first, "two");
    std::string huge = bare.git({"commit-tree", bare.git({"mktree"})}, std::string(2'000'000, 'x'));
    auto reader = git::ObjectReader::create(bare.fd());
    auto commits = reader->commits({first, std::string(40, 'f'), huge, second});
    REQUIRE(commits);
    CHECK((*commits)[0]);
    CHECK_FALSE((*commits)[1]);
    CHECK(((*commits)[2] && (*commits)[2]->message.size() == 2'000'000));
    CHECK(((*commits)[3] && (*commits)[3]->message == "two"));

    REQUIRE(sys::append_file(borrower.fd(), "objects/info/alternates", bare.path() + "/objects\n"));
    CHECK(git::ObjectReader::create(borrower.fd())->commits({second}).value()[0]->message == "two");
    CHECK_FALSE(git::ObjectReader::create(borrower.fd(), without_git)->commits({second}));

    std::string path = "objects/" + second.substr(0, 2) + "/" + second.substr(2);
    std::string whole = sys::read_file(bare.fd(), path).value();
    for (size_t size = 0; size < whole.size(); ++size)
        for (bool cut : {false, true}) {
            std::string damaged = cut ? whole.substr(0, size) : whole;
            if (!cut)
                damaged[size] = static_cast<char>(damaged[size] ^ 0x10);
            REQUIRE(sys::unlink_at(bare.fd(), path));
            REQUIRE(sys::append_file(bare.fd(), path, damaged));
            auto answer = git::ObjectReader::create(bare.fd(), without_git)->commits({second});
            if (answer) // not all of it is guarded: zlib's first byte says how much was looked back
                CHECK((*answer)[0]->message == "two");
        }
    auto answer = git::ObjectReader::create(bare.fd())->commits({first, second});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::invalid);
}
