// A repository as pages read it: by descriptor, whatever its name is by now, and whatever was pushed into it.
#include "git/repository.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "base/strings.h"
#include "git/diff.h"
#include "git/log_walk.h"
#include "git/repository_pool.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/second_thread.h"

using namespace quire;

namespace {

struct Place : tests::Scratch {
    std::string git(const std::string& directory, std::vector<std::string> arguments, std::string input = "") const
    {
        UniqueFd fd = sys::open_directory(AT_FDCWD, path() + "/" + directory).value();
        arguments.insert(arguments.begin(), "git");
        sys::Command command{.argv = std::move(arguments), .directory = fd.get()};
        for (const char* who : {"AUTHOR", "COMMITTER"}) {
            sys::set_variable(command.environment, fmt::format("GIT_{}_NAME", who), "t");
            sys::set_variable(command.environment, fmt::format("GIT_{}_EMAIL", who), "t@t");
        }
        auto out = sys::run_ok(command, {.input = std::move(input)});
        INFO(command.argv[1] << (out ? "" : out.error().message));
        REQUIRE(out);
        return std::string(trim(*out));
    }
    void init(const std::string& directory) const
    {
        REQUIRE(sys::make_directory(AT_FDCWD, path() + "/" + directory));
        git(directory, {"init", "-q", "--bare", "--initial-branch=main", "."});
    }
    git_oid make(const std::string& directory, const std::string& type, const std::string& content) const
    {
        auto id = git(directory, {"hash-object", "-w", "--literally", "--stdin", "-t", type}, content);
        return git::parse_oid(id).value();
    }
    /// A commit with one file, on the branch.
    git_oid commit(const std::string& directory, const std::string& branch, const std::string& text) const
    {
        git(directory, {"fast-import", "--quiet", "--force"},
            fmt::format("commit refs/heads/{}\ncommitter t <t@t> 1700000000 +0000\ndata {}\n{}\nM 644 inline "
                        "file\ndata {}\n{}\n",
                        branch, text.size(), text, text.size(), text));
        return git::parse_oid(git(directory, {"rev-parse", "refs/heads/" + branch})).value();
    }
    UniqueFd open_fd(const std::string& directory) const
    {
        return sys::open_directory(AT_FDCWD, path() + "/" + directory).value();
    }
    git::Repository open(const std::string& directory) const
    {
        return git::Repository::open(std::make_shared<const UniqueFd>(open_fd(directory))).value();
    }
    std::string commit_text(const git_oid& tree, const std::string& date, const std::string& message) const
    {
        return fmt::format("tree {}\nauthor a <a@a> {} +0000\ncommitter c <c@c> {} +0000\n\n{}", git::to_string(tree),
                           date, date, message);
    }
};

std::string file_of(const git::Repository& repository)
{
    auto place = repository.resolve({});
    auto entry = place ? repository.find(place->commit, "file") : std::nullopt;
    return entry ? repository.blob(entry->id, 100).value_or("") : "";
}

} // namespace

TEST_CASE("repository: a handle stays with its directory when names are swapped")
{
    Place place;
    for (const char* name : {"open", "hidden"}) {
        place.init(name);
        place.commit(name, "main", name);
    }
    git::RepositoryPool pool;
    UniqueFd open = place.open_fd("open"), hidden = place.open_fd("hidden");
    {
        auto lease = pool.borrow(open.get());
        REQUIRE(lease);
        CHECK(file_of(**lease) == "open");
    }
    auto rename = [&](const char* from, const char* to) {
        REQUIRE(sys::rename_at(AT_FDCWD, place.path() + "/" + from, AT_FDCWD, place.path() + "/" + to));
    };
    rename("open", "spare");
    rename("hidden", "open");
    rename("spare", "hidden");
    place.commit("open", "main", "pushed later"); // to what was called hidden
    auto lease = pool.borrow(open.get());
    REQUIRE(lease);
    CHECK(file_of(**lease) == "open");
    auto fresh = pool.borrow(open.get()); // while the other one is away
    REQUIRE(fresh);
    CHECK(file_of(**fresh) == "open");
    auto other = pool.borrow(hidden.get());
    REQUIRE(other);
    CHECK(file_of(**other) == "pushed later");
}

TEST_CASE("repository: a directory that is missing is no empty one")
{
    Place place;
    place.init("a");
    git::Repository repository = place.open("a");
    auto empty = repository.list(git::parse_oid("4b825dc642cb6eb9a060e54bf8d69288fbee4904").value());
    REQUIRE(empty);
    CHECK(empty->entries.empty());
    CHECK(repository.list(git::parse_oid(std::string(40, '7')).value()).error().kind == ErrorKind::system);
    CHECK(repository.list(place.make("a", "blob", "text")).error().kind == ErrorKind::system);
}

TEST_CASE("repository: packs that were replaced are let go of")
{
    Place place;
    place.init("a");
    place.commit("a", "main", "first");
    place.git("a", {"repack", "-q", "-a", "-d"});
    git::RepositoryPool pool;
    UniqueFd fd = place.open_fd("a");
    {
        auto one = pool.borrow(fd.get()), other = pool.borrow(fd.get());
        REQUIRE((one && other));
        CHECK(file_of(**one) == "first");
        CHECK(file_of(**other) == "first");
    }
    place.commit("a", "main", "second");
    place.git("a", {"repack", "-q", "-a", "-d"});
    auto lease = pool.borrow(fd.get());
    REQUIRE(lease);
    CHECK(file_of(**lease) == "second");
    std::string maps = sys::read_file(AT_FDCWD, "/proc/self/maps").value();
    CHECK(maps.find("/a/objects/pack/") != std::string::npos);
    CHECK(maps.find("(deleted)") == std::string::npos);
}

TEST_CASE("repository: refs in files of their own, packed, and both")
{
    Place place;
    place.init("a");
    git_oid first = place.commit("a", "main", "first");
    place.git("a", {"tag", "-a", "-m", "about it", "v1", "main"});
    place.git("a", {"update-ref", "refs/heads/x/y", "main"});
    for (int i = 0; i < 50; ++i)
        place.git("a", {"update-ref", fmt::format("refs/heads/b{}", i), "main"});
    place.git("a", {"pack-refs", "--all"});
    git_oid second = place.commit("a", "main", "second");
    place.git("a", {"update-ref", "-d", "refs/heads/b7"});
    git::Repository repository = place.open("a");
    auto commit_of = [&](const std::string& name) {
        auto found = repository.commit_of_ref(name);
        return found ? git::to_string(*found) : "";
    };
    CHECK(commit_of("refs/heads/main") == git::to_string(second));
    CHECK(commit_of("HEAD") == git::to_string(second));
    CHECK(commit_of("refs/heads/x/y") == git::to_string(first));
    CHECK(commit_of("refs/heads/b49") == git::to_string(first));
    CHECK(commit_of("refs/tags/v1") == git::to_string(first));
    for (const char* nothing : {"refs/heads/b7", "refs/heads/x", "refs/heads/b", "refs/heads/zz",
                                "refs/heads/../../HEAD", "config", "packed-refs", "refs", "", "refs/heads/"})
        CHECK(commit_of(nothing).empty());
    auto refs = repository.refs(1000);
    REQUIRE(refs);
    CHECK(refs->size() == 52); // main, x/y, 49 and the tag
    auto tag =
        std::find_if(refs->begin(), refs->end(), [](const git::Ref& ref) { return ref.kind == git::RefKind::tag; });
    REQUIRE(tag != refs->end());
    CHECK(repository.subject(*tag) == "about it");
    place.git("a", {"pack-refs", "--all"});
    place.git("a", {"update-ref", "refs/heads/late", "main"});
    CHECK(commit_of("refs/heads/b49") == git::to_string(first)); // from the file that took the old one's place
    CHECK(commit_of("refs/heads/late") == git::to_string(second));
}

TEST_CASE("repository: refs that lead to some commits, packed with and without what tags lead to, and in own files")
{
    Place place;
    place.init("a");
    git_oid first = place.commit("a", "main", "first");
    place.git("a", {"tag", "-a", "-m", "about it", "v1", "main"});
    place.git("a", {"tag", "light", "main"});
    place.git("a", {"update-ref", "refs/heads/moved", "main"});
    git_oid second = place.commit("a", "main", "second");
    place.git("a", {"tag", "-a", "-m", "about it", "v2", "main"});
    auto names = [&](const git_oid& id) {
        std::string all;
        for (const git::Ref& ref : place.open("a").refs_to({id}, 1000)) {
            CHECK(git::is_same(ref.commit, id));
            all += ref.name.substr(5) + " ";
        }
        return all;
    };
    auto check = [&] {
        CHECK(names(first) == "heads/moved tags/light tags/v1 ");
        CHECK(names(second) == "heads/main tags/v2 ");
        CHECK(names(git_oid{}).empty());
    };
    check();
    place.git("a", {"pack-refs", "--all"});
    check();
    UniqueFd directory = place.open_fd("a");
    std::string packed = sys::read_file(directory.get(), "packed-refs", 1u << 20).value();
    std::string bare; // as git wrote it long ago
    for (std::string_view line : split(packed, '\n'))
        if (!line.empty() && line[0] != '#' && line[0] != '^')
            bare.append(line).append("\n");
    REQUIRE(sys::replace_file_unsynced(directory.get(), "packed-refs", bare, 0640));
    check();
    place.git("a", {"update-ref", "refs/heads/moved", "main"}); // its own file counts, not its packed line
    CHECK(names(first) == "tags/light tags/v1 ");
    CHECK(names(second) == "heads/main heads/moved tags/v2 ");
}

TEST_CASE("repository: where HEAD has no commit, the newest branch is the default")
{
    Place place;
    place.init("a");
    CHECK_FALSE(place.open("a").resolve({}));
    place.commit("a", "topic", "a topic");
    auto found = place.open("a").resolve({});
    REQUIRE(found);
    CHECK(found->ref == "topic");
    place.commit("a", "main", "the main thing");
    CHECK(place.open("a").resolve({})->ref == "main");
}

TEST_CASE("repository: notes, also where they are many")
{
    Place place;
    place.init("a");
    std::vector<git_oid> commits;
    for (int i = 0; i < 3; ++i)
        commits.push_back(place.commit("a", fmt::format("b{}", i), fmt::format("text {}", i)));
    place.git("a", {"notes", "add", "-m", "a flat note", git::to_string(commits[0])});
    CHECK(place.open("a").note(commits[0]) == "a flat note\n");
    CHECK(place.open("a").note(commits[1]).empty());
    std::string id = git::to_string(commits[2]), fanned = id.substr(0, 2) + "/" + id.substr(2, 2) + "/" + id.substr(4);
    place.git(
        "a", {"fast-import", "--quiet", "--force"},
        fmt::format("commit refs/notes/commits\ncommitter t <t@t> 1700000000 +0000\ndata 0\nM 644 inline {}\ndata "
                    "6\nfanned\n",
                    fanned));
    CHECK(place.open("a").note(commits[2]) == "fanned");
}

TEST_CASE("repository: a commit that no git would make is read as far as it goes")
{
    Place place;
    place.init("a");
    git_oid good = place.commit("a", "main", "good");
    git_oid tree = place.open("a").commit(good)->tree;
    auto read = [&](const std::string& text) { return place.open("a").commit(place.make("a", "commit", text)); };

    auto late = read(place.commit_text(tree, "100000000000000000000000000", "from the far future"));
    REQUIRE(late);
    CHECK(late->committer.when == git::no_date);
    CHECK(late->subject() == "from the far future");
    CHECK(read(place.commit_text(tree, "99999999999999", "past an instant"))->author.when == git::no_date);
    CHECK(read(place.commit_text(tree, "-86400", "before"))->author.when == -86400 * nanoseconds_per_second);

    auto large = read(place.commit_text(tree, "1700000000", std::string(20u << 20, 'x')));
    REQUIRE(large);
    CHECK(large->message.size() <= git::max_message);
    CHECK(large->message.size() + large->message_rest == 20u << 20);

    auto nameless = read(
        fmt::format("tree {}\nauthor \ncommitter {} 5 +0000\n\nx", git::to_string(tree), std::string(100'000, 'n')));
    REQUIRE(nameless);
    CHECK(nameless->committer.name.size() < 400);
    CHECK(nameless->committer.when == git::no_date);
    CHECK_FALSE(place.open("a").commit(tree));

    // A branch of such a one is a branch, and the log goes on behind it.
    git_oid child = place.make("a", "commit",
                               fmt::format("tree {}\nparent {}\nauthor a <a@a> 1{:0>26} +0000\ncommitter c <c@c> "
                                           "1{:0>26} +0000\n\nodd\n",
                                           git::to_string(tree), git::to_string(good), 0, 0));
    place.git("a", {"update-ref", "refs/heads/odd", git::to_string(child)});
    git::Repository repository = place.open("a");
    auto odd = repository.resolve({"odd"});
    REQUIRE(odd);
    auto log = git::read_log(repository, {.from = {odd->commit}});
    REQUIRE(log);
    REQUIRE(log->commits.size() == 2);
    CHECK(git::is_same(log->commits[1].id, good));
    CHECK(repository.refs(10)->size() == 2);
}

TEST_CASE("diff: a tree of 10^12 files is walked as far as the budget goes")
{
    Place place;
    place.init("a");
    git_oid blob = place.make("a", "blob", "x\n");
    std::string kind = "100644 blob";
    std::string id = git::to_string(blob);
    for (int level = 0; level < 12; ++level) {
        std::string entries;
        for (int i = 0; i < 10; ++i)
            entries += fmt::format("{} {}\t{}\n", kind, id, i);
        id = place.git("a", {"mktree"}, entries);
        kind = "040000 tree";
    }
    git::Repository repository = place.open("a");
    git::Diff diff = git::diff_trees(repository, std::nullopt, git::parse_oid(id).value());
    CHECK(diff.files.size() == 2000);
    CHECK(diff.has_more_files);
    CHECK(diff.is_cut);
    CHECK(diff.files[0].new_path == "0/0/0/0/0/0/0/0/0/0/0/0");
    Patience over(monotonic_now() - 1);
    git::Diff late =
        git::diff_trees(repository, std::nullopt, git::parse_oid(id).value(), {.names = {.patience = over}});
    CHECK(late.is_late);
    CHECK(late.files.empty());
}

TEST_CASE("diff: what was moved, changed, removed, and became something else")
{
    Place place;
    place.init("a");
    std::string long_text;
    for (int i = 0; i < 50; ++i)
        long_text += fmt::format("line {} of a text\n", i);
    auto import = [&](const std::string& commands) {
        place.git("a", {"fast-import", "--quiet"},
                  "commit refs/heads/main\ncommitter t <t@t> 1700000000 +0000\ndata 1\nx\n" + commands);
        return place.open("a").commit(place.open("a").resolve({})->commit)->tree;
    };
    auto file = [](const std::string& mode, const std::string& path, const std::string& text) {
        return fmt::format("M {} inline {}\ndata {}\n{}\n", mode, path, text.size(), text);
    };
    git_oid before = import(file("644", "dir/moved", long_text) + file("644", "same", "s") + file("644", "gone", "g") +
                            file("644", "kind", "k") + file("644", "edited", "one\ntwo\n") +
                            file("644", "similar", long_text + "and an end\n"));
    git_oid after =
        import("from refs/heads/main^0\nD dir/moved\nD gone\nD similar\n" + file("644", "other/place", long_text) +
               file("120000", "kind", "same") + file("644", "edited", "one\n2\n") +
               file("644", "similar2", long_text + "and another end, as it is\n"));
    git::Diff diff = git::diff_trees(place.open("a"), before, after);
    std::string told;
    for (const git::FileDiff& one : diff.files)
        told += fmt::format("{} {}→{} +{} -{}\n", static_cast<int>(one.status), one.old_path, one.new_path, one.added,
                            one.removed);
    CHECK(told == fmt::format("{0} edited→edited +1 -1\n{1} gone→gone +0 -1\n{2} kind→kind +1 -1\n"
                              "{3} dir/moved→other/place +0 -0\n{3} similar→similar2 +1 -1\n",
                              static_cast<int>(GIT_DELTA_MODIFIED), static_cast<int>(GIT_DELTA_DELETED),
                              static_cast<int>(GIT_DELTA_TYPECHANGE), static_cast<int>(GIT_DELTA_RENAMED)));
}

TEST_CASE("diff: two threads find what one finds, whatever there is room for")
{
    Place place;
    place.init("a");
    std::string import = "commit refs/heads/main\ncommitter t <t@t> 1700000000 +0000\ndata 1\nx\n";
    for (int i = 0; i < 40; ++i) {
        std::string text = i % 9 == 4 ? std::string("a\0b", 3) : std::string();
        for (int line = 0; line < (i * 37) % 101; ++line)
            text += fmt::format("line {} of file {}\n", line, i);
        import += fmt::format("M 644 inline f{:02}\ndata {}\n{}\n", i, text.size(), text);
    }
    place.git("a", {"fast-import", "--quiet"}, import);
    git::Repository repository = place.open("a");
    git_oid tree = repository.commit(repository.resolve({})->commit)->tree;
    auto told = [&](const git::DiffOptions& options) {
        git::Diff diff = git::diff_trees(repository, std::nullopt, tree, options);
        std::string text = fmt::format("{} {} {}\n", diff.added, diff.is_cut, diff.files.size());
        for (const git::FileDiff& file : diff.files) {
            text += fmt::format("{} +{}{}{}{}", file.new_path, file.added, file.is_cut ? " cut" : "",
                                file.is_binary ? " binary" : "", file.new_content ? " kept" : "");
            for (const git::DiffHunk& hunk : file.hunks)
                text += fmt::format(" {} {}", hunk.header, hunk.lines.size());
            text += '\n';
        }
        return text;
    };
    std::vector<git::DiffOptions> rooms(9);
    rooms[1].max_lines = 300;
    rooms[2].max_text = 9'000;
    rooms[3].max_read = 20'000;
    rooms[4].max_kept = 5'000;
    rooms[5].max_files = 7;
    rooms[6].max_file_lines = 50;
    rooms[7].only_file = "f03";
    rooms[8].max_lines = rooms[8].max_kept = 0;
    for (size_t i = 0; i < rooms.size(); ++i) {
        INFO("room " << i);
        std::string alone;
        {
            sys::SecondThread other([] {}); // while it lives there is no further one
            alone = told(rooms[i]);
        }
        CHECK(alone.find("f39") != std::string::npos);
        for (int again = 0; again < 20; ++again)
            REQUIRE(told(rooms[i]) == alone);
    }
}
