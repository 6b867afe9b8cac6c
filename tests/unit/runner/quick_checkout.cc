// Checkouts and changes without a git of their own, held against git's.
#include "runner/quick_checkout.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

#include "base/strings.h"
#include "ci/run/push_facts.h"
#include "runner/workspace.h"
#include "support/random.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::runner;

namespace {

/// A repository of a forge into which commits are made from lists of files, and a run's directory.
struct Forge : tests::ScratchRoot {
    explicit Forge(const std::string& format = "sha1")
    {
        git({"init", "-q", "--bare", "--object-format=" + format, root.absolute(path)}, fd());
        repository = sys::open_directory(root.fd(), path).value();
        REQUIRE(sys::make_directory(root.fd(), "run"));
        run = sys::open_directory(root.fd(), "run").value();
    }
    std::string git(std::vector<std::string> arguments, int where = -1, const std::string& input = "") const
    {
        arguments.insert(arguments.begin(), {"git", "-c", "user.name=t", "-c", "user.email=t@t"});
        auto out = sys::run({.argv = arguments, .directory = where < 0 ? repository.get() : where}, {.input = input});
        REQUIRE(out);
        INFO(out->err);
        REQUIRE(out->status == 0);
        return out->out;
    }
    std::string blob(const std::string& content) const
    {
        return std::string(trim(git({"hash-object", "-w", "--stdin"}, -1, content)));
    }
    /// A tree of "<mode> <type> <id>\t<path>" lines, where paths have no slash.
    std::string tree(const std::string& lines) const { return std::string(trim(git({"mktree"}, -1, lines))); }
    /// A commit of files by path.
    std::string commit(const std::map<std::string, std::string>& files, const std::string& parent = "",
                       const std::string& message = "message\n\nbody\n") const
    {
        std::string stream =
            fmt::format("commit refs/heads/m\ncommitter t <t@t> 1700000000 +0000\ndata {}\n{}\n{}deleteall\n",
                        message.size(), message, parent.empty() ? "" : "from " + parent + "\n");
        for (const auto& [name, content] : files)
            stream += fmt::format("M {} inline {}\ndata {}\n{}\n",
                                  content.starts_with("->")   ? "120000"
                                  : content.starts_with("#!") ? "100755"
                                                              : "100644",
                                  name, content.size(), content);
        if (parent.empty())
            stream = "reset refs/heads/m\n\n" + stream;
        git({"fast-import", "--quiet", "--force"}, -1, stream);
        return std::string(trim(git({"rev-parse", "refs/heads/m"})));
    }
    Result<void> check_out(const std::string& sha)
    {
        REQUIRE(prepare_workspace(root, run.get(), repository.get(), refs,
                                  {.repo = tests::repo("foo"), .number = 1, .ref = "refs/heads/m", .sha = sha}));
        return quick_checkout(objects, repository.get(), run.get(), sha);
    }
    std::string in_workspace(std::vector<std::string> arguments)
    {
        UniqueFd workspace = sys::open_directory(run.get(), "workspace").value();
        return git(std::move(arguments), workspace.get());
    }
    std::string changes_by_git(const std::string& input) const
    {
        std::vector<std::string> argv = ci::changes_argv();
        argv.erase(argv.begin());
        return git(argv, -1, input + "\n");
    }

    std::string path = store::paths::repository(tests::repo("foo"));
    UniqueFd repository, run;
    KnownObjects objects;
    KnownRefs refs;
};

} // namespace

TEST_CASE("a small commit is checked out as git would do it")
{
    for (const char* format : {"sha1", "sha256"}) {
        Forge forge(format);
        std::string long_name(250, 'n');
        std::string sha = forge.commit({{"README", "text\r\nwith\0nul"},
                                        {"empty", ""},
                                        {"run.sh", "#!/bin/sh\n"},
                                        {"link", "->target"},
                                        {".quire/ci.fnl", "(job)"},
                                        {"a/b/c/d", "deep"},
                                        {"a-b", "between a and a/"},
                                        {"\xc3\xbc", "name"},
                                        {long_name, "long"}});
        REQUIRE(forge.check_out(sha));
        CHECK(forge.in_workspace({"status", "--porcelain"}).empty());
        CHECK(forge.in_workspace({"ls-files", "--stage"}) ==
              forge.git({"ls-tree", "-r", "--format=%(objectmode) %(objectname) 0%x09%(path)", sha}));
        CHECK(forge.in_workspace({"diff", "HEAD"}).empty());
        CHECK(forge.in_workspace({"fsck"}).empty()); // reads the index's checksum
        struct stat status = *sys::stat_at(forge.run.get(), "workspace/run.sh").value();
        CHECK((status.st_mode & 0111) != 0);
        CHECK(sys::read_link(forge.run.get(), "workspace/link").value() == "->target");
    }
}

TEST_CASE("changes in a workspace are seen, through the index that was written here")
{
    Forge forge;
    REQUIRE(forge.check_out(forge.commit({{"a", "1"}, {"b/c", "2"}})));
    UniqueFd workspace = sys::open_directory(forge.run.get(), "workspace").value();
    REQUIRE(sys::unlink_at(workspace.get(), "a"));
    REQUIRE(sys::append_file(workspace.get(), "b/c", "x"));
    REQUIRE(sys::append_file(workspace.get(), "new", "x"));
    CHECK(forge.in_workspace({"status", "--porcelain"}) == " D a\n M b/c\n?? new\n");
    forge.in_workspace({"commit", "-qam", "a job's own"});
    CHECK(forge.in_workspace({"status", "--porcelain"}) == "?? new\n");
}

TEST_CASE("what is not plain is left to git")
{
    Forge forge;
    auto refused = [&](const std::string& sha) {
        auto done = forge.check_out(sha);
        CHECK_FALSE(done);
        return !done && !sys::exists(forge.run.get(), "workspace/.git/index");
    };
    std::string id = forge.blob("x");
    auto commit_of = [&](const std::string& lines) {
        return std::string(trim(forge.git({"commit-tree", "-m", "m", forge.tree(lines)})));
    };
    CHECK(refused(forge.commit({{".gitattributes", "* text"}, {"a", "1"}})));
    CHECK(refused(forge.commit({{"b/.gitattributes", "* text"}})));
    CHECK(refused(commit_of("160000 commit " + std::string(40, '1') + "\tmodule\n")));
    CHECK(refused(std::string(40, '0')));
    CHECK(refused("--help"));
    CHECK(refused(id)); // no commit

    std::map<std::string, std::string> many;
    for (int i = 0; i < 300; ++i)
        many.emplace("file" + std::to_string(i), "x");
    CHECK(refused(forge.commit(many)));
    CHECK(refused(forge.commit({{"large", std::string(3u << 20, 'x')}})));
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += "d/";
    CHECK(refused(forge.commit({{deep + "f", "x"}})));

    // Trees that only a hostile pusher makes.
    auto raw = [&](const std::string& tree) {
        std::string made =
            std::string(trim(forge.git({"hash-object", "-w", "--literally", "--stdin", "-t", "tree"}, -1, tree)));
        return std::string(trim(forge.git({"commit-tree", "-m", "m", made})));
    };
    std::string bytes = from_hex(id).value(), end(1, '\0');
    std::string link = from_hex(forge.blob("/tmp")).value();
    std::string inner = from_hex(forge.tree("100644 blob " + id + "\tf\n")).value();
    CHECK(refused(raw("100644 .git" + end + bytes)));
    CHECK(refused(raw("100644 .." + end + bytes)));
    CHECK(refused(raw("100644 a/b" + end + bytes)));
    CHECK(refused(raw("100644 a" + end + bytes + "100644 a" + end + bytes)));
    CHECK(refused(raw("100644 a" + end + bytes.substr(0, 10))));
    // A symlink, and a directory of its name whose files would go where it leads.
    CHECK(refused(raw("120000 a" + end + link + "40000 a" + end + inner)));
    CHECK_FALSE(sys::exists(AT_FDCWD, "/tmp/f"));
    REQUIRE(forge.check_out(forge.commit({{"a", "1"}}))); // and goes on
}

TEST_CASE("an object that never comes is left to git, soon")
{
    Forge forge;
    std::string sha = forge.commit({{"a", "1"}});
    std::string id = forge.blob("never");
    std::string other =
        std::string(trim(forge.git({"commit-tree", "-m", "m", forge.tree("100644 blob " + id + "\tb\n")})));
    std::string object = "objects/" + id.substr(0, 2) + "/" + id.substr(2);
    REQUIRE(sys::unlink_at(forge.repository.get(), object));
    REQUIRE(sys::run_ok({.argv = {"mkfifo", object}, .directory = forge.repository.get()}));
    CHECK_FALSE(forge.check_out(other));
    CHECK(forge.check_out(sha));
}

TEST_CASE("what one repository has is not told of another")
{
    Forge one, two;
    std::string sha = one.commit({{"secret", "of one"}});
    KnownObjects objects;
    REQUIRE(objects.get(one.repository.get(), "commit", sha));
    CHECK_FALSE(objects.get(two.repository.get(), "commit", sha));
    CHECK(objects.get(one.repository.get(), "commit", {sha, sha, sha})->size() == 3);
}

TEST_CASE("the changes are those that git tells")
{
    Forge forge;
    tests::Random random(7);
    std::map<std::string, std::string> files;
    std::string parent, first;
    const std::vector<std::string> names = {"a", "a.b", "b", "b-c", "dir/x", "dir/y/z", "dir.d/x", "e/f/g/h", "q"};
    for (int round = 0; round < 40; ++round) {
        for (size_t edits = random.below(4); edits > 0; --edits) {
            std::string name = random.pick(names);
            if (random.one_in(3))
                files.erase(name);
            else
                files[name] = (random.one_in(5) ? "#!" : "") + random.text("xyz", 3);
            if (random.one_in(4)) { // a file where a directory was, and the other way round
                std::erase_if(files, [](const auto& file) { return file.first.starts_with("dir"); });
                files[random.one_in(2) ? "dir" : "dir/x"] = "1";
            }
        }
        bool is_file = files.contains("dir");
        std::erase_if(files, [&](const auto& file) { return is_file && file.first.starts_with("dir/"); });
        std::string sha = forge.commit(files, parent, fmt::format("round {}\n\n  text\n\n", round));
        for (const std::string& input : {sha, first.empty() ? sha : sha + " " + first}) {
            auto quick = quick_changes(forge.objects, forge.repository.get(), input);
            REQUIRE(quick);
            auto mine = ci::parse_changes(*quick), gits = ci::parse_changes(forge.changes_by_git(input));
            CHECK(mine.message == gits.message);
            CHECK(mine.files == gits.files);
        }
        parent = sha;
        if (first.empty() || random.one_in(8))
            first = sha;
    }
}
