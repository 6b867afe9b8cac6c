// Blame against git's own, line by line, on histories made to be hard; and what is kept of it.
#include "history/blame.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <map>
#include <random>
#include <set>

#include "history/ignored_commits.h"
#include "history/kept_blames.h"
#include "history/ladder.h"
#include "history/moved_lines.h"
#include "support/git_blame.h"
#include "support/scratch.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

using namespace quire;

namespace {

using Lines = std::vector<std::string>;
using Files = std::map<std::string, Lines>;

/// A repository that grows by fast-import. The last line of a file may lack its newline.
struct Repository : tests::Scratch {
    Repository() { git({"init", "--bare", "-q", "--initial-branch=main", "."}); }

    std::string git(std::vector<std::string> arguments, const std::string& input = "") const
    {
        arguments.insert(arguments.begin(), "git");
        auto out = sys::run_ok({.argv = arguments, .directory = fd()}, {.input = input});
        INFO(arguments[1] << (out ? std::string() : out.error().message));
        REQUIRE(out);
        return std::string(trim(*out));
    }
    static std::string join(const Lines& lines)
    {
        std::string text;
        for (const std::string& line : lines)
            text += line;
        return text;
    }
    /// A commit on the branch with these files and no others; it is there after write().
    void add(const std::string& branch, const Files& files, const std::vector<std::string>& merged = {})
    {
        m_import +=
            fmt::format("commit refs/heads/{}\nauthor a{} <a@x> {} +0000\ncommitter c <c@x> {} +0000\ndata 1\nx\n",
                        branch, m_count % 5, m_when, m_when);
        m_when += m_count++ % 3 == 0 ? 0 : 60; // some at the same second
        // fast-import knows what it has written itself; what was there before has to be said.
        if (m_written.contains(branch) && m_continued.insert(branch).second)
            m_import += fmt::format("from refs/heads/{}^0\n", branch);
        for (const std::string& other : merged)
            m_import += fmt::format("merge refs/heads/{}\n", other);
        m_import += "deleteall\n";
        for (const auto& [path, lines] : files) {
            std::string text = join(lines);
            m_import += fmt::format("M 644 inline {}\ndata {}\n{}\n", path, text.size(), text);
        }
        m_began.insert(branch);
    }
    void write()
    {
        git({"fast-import", "--quiet", "--force"}, std::exchange(m_import, {}));
        m_written.merge(m_began);
        m_began.clear();
        m_continued.clear();
    }
    git_oid commit(const std::string& branch, const Files& files)
    {
        add(branch, files);
        write();
        return git::parse_oid(tip(branch)).value();
    }
    std::string tip(const std::string& branch) const
    {
        return git({"for-each-ref", "--format=%(objectname)", "refs/heads/" + branch});
    }
    git::Repository open() const
    {
        auto directory = std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, path()).value());
        return git::Repository::open(directory).value();
    }

private:
    int m_count = 0;
    int64_t m_when = 1'000'000'000;
    std::string m_import;
    std::set<std::string> m_written, m_began, m_continued; ///< branches
};

/// Grows three branches by every kind of change.
class Gardener {
public:
    Gardener(Repository& repository, unsigned seed) : m_repository(repository), m_random(seed) {}

    void grow(int commits)
    {
        for (int i = 0; i < commits; ++i) {
            std::string branch = branches()[pick(3)];
            Files& files = m_files[branch];
            std::vector<std::string> merged;
            if (m_begun.contains(branch) && pick(5) == 0)
                merge(branch, files, merged);
            else
                change(files);
            m_repository.add(branch, files, merged);
            m_begun.insert(branch); // each begins without a parent: histories that are not related
        }
        m_repository.write();
    }
    const std::map<std::string, Files>& files() const { return m_files; }

private:
    unsigned pick(size_t n) { return static_cast<unsigned>(m_random() % n); }
    static Lines branches() { return {"main", "topic", "far"}; }

    std::string line()
    {
        unsigned which = pick(60);
        if (which < 6)
            return which < 3 ? "\n" : "\t}\n";
        return std::string(which % 4, '\t') + "line " + std::to_string(which) + (which % 9 == 0 ? "\r\n" : "\n");
    }

    void edit(Lines& lines)
    {
        if (!lines.empty() && !lines.back().ends_with('\n'))
            lines.back() += '\n';
        for (unsigned i = 0; i <= pick(3); ++i) {
            size_t at = pick(lines.size() + 1), size = std::min<size_t>(lines.size() - at, pick(5));
            auto from = lines.begin() + static_cast<ptrdiff_t>(at);
            Lines piece(from, from + static_cast<ptrdiff_t>(size));
            if (pick(3) != 0)
                lines.erase(from, from + static_cast<ptrdiff_t>(size));
            Lines added;
            for (unsigned j = 0; j < pick(6); ++j)
                added.push_back(line());
            if (pick(4) == 0)
                added.insert(added.end(), piece.begin(), piece.end());
            at = std::min(at, lines.size());
            lines.insert(lines.begin() + static_cast<ptrdiff_t>(at), added.begin(), added.end());
        }
        if (pick(9) == 0 && !lines.empty())
            lines[pick(lines.size())] = std::string("binary \0 line\n", 14);
        if (pick(6) == 0 && !lines.empty() && lines.back().size() > 1)
            lines.back().pop_back();
    }

    void change(Files& files)
    {
        unsigned how = pick(10);
        if (files.size() < 2 || how == 0) {
            Lines lines;
            for (unsigned i = 0; i < 10 + pick(60); ++i)
                lines.push_back(line());
            files[name()] = lines;
            return;
        }
        auto chosen = std::next(files.begin(), pick(files.size()));
        if (how == 1 || how == 2) { // renamed, and perhaps edited
            Lines lines = std::move(chosen->second);
            files.erase(chosen);
            if (how == 1)
                edit(lines);
            files[name()] = lines;
        } else if (how == 3 && files.size() > 3) {
            files.erase(chosen);
        } else if (how == 4) { // a copy, and an edit of what it was copied from
            files[name()] = chosen->second;
            edit(chosen->second);
        } else {
            edit(chosen->second);
        }
    }
    std::string name()
    {
        std::string file = "file" + std::to_string(pick(14)) + ".c";
        return pick(3) == 0 ? file : (pick(2) == 0 ? "dir/" : "dir/deep/") + file;
    }

    /// Of one or two others: files of either side, and of some the beginning of one with the end of the other.
    void merge(const std::string& branch, Files& files, std::vector<std::string>& merged)
    {
        for (const std::string& other : branches()) {
            if (other == branch || !m_begun.contains(other) || pick(3) == 0)
                continue;
            merged.push_back(other);
            for (const auto& [path, theirs] : m_files[other]) {
                auto ours = files.find(path);
                if (ours == files.end()) {
                    if (pick(2) == 0)
                        files[path] = theirs;
                } else if (unsigned how = pick(4); how == 0) {
                    ours->second = theirs;
                } else if (how == 1) {
                    Lines mixed(ours->second.begin(), ours->second.begin() + std::ssize(ours->second) / 2);
                    mixed.insert(mixed.end(), theirs.begin() + std::ssize(theirs) / 2, theirs.end());
                    if (pick(2) == 0)
                        edit(mixed);
                    ours->second = mixed;
                }
            }
        }
        if (files.empty())
            change(files);
    }

    Repository& m_repository;
    std::minstd_rand m_random;
    std::map<std::string, Files> m_files;
    std::set<std::string> m_begun;
};

void check_equal(const Repository& repository, const std::string& commit, const std::string& path,
                 const std::vector<history::BlameOptions>& ways = {{}})
{
    auto theirs = tests::git_blame(repository.fd(), commit, path).value();
    for (const history::BlameOptions& options : ways) {
        INFO(commit << " " << path);
        auto ours = history::blame(repository.open(), git::parse_oid(commit).value(), path, options);
        REQUIRE(ours);
        REQUIRE(tests::lines_of(*ours) == theirs);
    }
}

Lines numbered(int count)
{
    Lines lines;
    for (int i = 0; i < count; ++i)
        lines.push_back(fmt::format("line number {}\n", i));
    return lines;
}

std::string commit_of(const history::Blame& blame, uint32_t line)
{
    return git::to_string(blame.origins[blame.at(line)->origin].commit);
}

} // namespace

TEST_CASE("blame is git's on random histories")
{
    auto seed = GENERATE(1u, 2u, 3u, 4u);
    Repository repository;
    Gardener gardener(repository, seed);
    gardener.grow(60);
    if (seed % 2 == 0)
        repository.git({"commit-graph", "write", "--reachable", "--changed-paths"});
    gardener.grow(25); // these are not in the graph
    history::KnownVersions known;
    history::KeptBlames kept;
    size_t files = 0;
    for (const auto& [branch, all] : gardener.files()) {
        std::string tip = repository.tip(branch);
        for (const auto& [path, lines] : all) {
            // What was found of other branches and files before changes nothing.
            history::BlameOptions remembers{.known = &known, .kept = &kept};
            check_equal(repository, tip, path, {{}, remembers, remembers});
            ++files;
        }
    }
    CHECK(files > 10);
}

/// What fast-import reads for a commit on main with these changes.
static std::string told(int number, const std::string& changes)
{
    return fmt::format("commit refs/heads/main\ncommitter a <a@x> {} +0000\ndata 1\nx\n{}", 1'000'000'000 + number * 60,
                       changes);
}

static std::string written(const std::string& path, const std::string& text)
{
    return fmt::format("M 644 inline {}\ndata {}\n{}\n", path, text.size(), text);
}

TEST_CASE("blame is git's where the path was a submodule or a link, and through commits that change nothing")
{
    Repository repository;
    Lines lines = numbered(30);
    std::string text = Repository::join(lines), id(40, '1');
    lines[3] = "another\n";
    std::string later = Repository::join(lines);
    repository.git({"fast-import", "--quiet"},
                   told(1, written("a", text) + written("b", text)) + told(2, "") +
                       told(3, fmt::format("M 160000 {} a\n", id)) + told(4, written("a", later)) +
                       told(5, "M 120000 inline b\ndata 1\na\n") + told(6, "") + told(7, written("b", later)) +
                       told(8, "D b\n" + written("c/b", later)));
    for (const char* path : {"a", "c/b"})
        check_equal(repository, repository.tip("main"), path);
}

TEST_CASE("blame is git's through a commit that renames 10,000 files")
{
    Repository repository;
    constexpr int count = 10'000;
    std::string before, renamed;
    auto text_of = [](int number, const char* first) {
        std::string text = fmt::format("{}\n", first);
        for (int i = 0; i < 8; ++i)
            text += fmt::format("line {} of file {}\n", i, number);
        return text;
    };
    for (int i = 0; i < count; ++i) {
        before += written(fmt::format("old/{}", i), text_of(i, "first"));
        renamed += written(fmt::format("new/{}", i), text_of(i, i % 1000 == 7 ? "edited" : "first"));
    }
    repository.git({"fast-import", "--quiet"}, told(1, before) + told(2, "D old\n" + renamed));
    for (int i : {0, 7, 5007, 9999})
        check_equal(repository, repository.tip("main"), fmt::format("new/{}", i));
}

TEST_CASE("a page shows commits as they were pushed: replacements and grafts change no blame")
{
    Repository repository;
    Lines lines = numbered(20);
    for (int i = 0; i < 5; ++i) {
        lines[static_cast<size_t>(3 * i)] = fmt::format("changed {}\n", i);
        repository.add("main", {{"a", lines}});
    }
    repository.write();
    std::string tip = repository.tip("main");
    auto theirs = tests::git_blame(repository.fd(), tip, "a").value();
    repository.git({"replace", "--graft", tip + "~1"});
    CHECK(tests::git_blame(repository.fd(), tip, "a").value() != theirs);
    auto ours = history::blame(repository.open(), git::parse_oid(tip).value(), "a", {});
    REQUIRE(ours);
    CHECK(tests::lines_of(*ours) == theirs);
}

TEST_CASE("every climb ends where a line was introduced")
{
    auto seed = GENERATE(11u, 12u);
    Repository repository;
    Gardener gardener(repository, seed);
    gardener.grow(60);
    auto opened = repository.open();
    history::KnownVersions known;
    history::KeptBlames kept;
    std::minstd_rand random(seed);
    size_t rungs = 0;
    for (const auto& [path, lines] : gardener.files().at("main"))
        for (int i = 0; i < 12 && !lines.empty(); ++i) {
            auto line = static_cast<uint32_t>(random() % lines.size());
            std::optional<history::Rung> rung{{git::parse_oid(repository.tip("main")).value(), path, line}};
            for (size_t steps = 0; rung; ++steps, ++rungs) {
                INFO(git::to_string(rung->commit) << " " << rung->path << " " << rung->line);
                auto found = history::blame(opened, rung->commit, rung->path, {.known = &known, .kept = &kept});
                REQUIRE(found);
                REQUIRE(found->at(rung->line));
                REQUIRE(steps < 60); // each is in a parent, and there are so many commits
                rung = history::rung_before(opened, known, *found, rung->line, {});
            }
        }
    CHECK(rungs > 50);
}

TEST_CASE("blame ends at the edge of a shallow clone as git's does, and is not kept")
{
    Repository repository;
    Gardener(repository, 9).grow(40);
    tests::Scratch clone;
    repository.git(
        {"clone", "-q", "--bare", "--depth=4", "--branch=main", "file://" + repository.path(), clone.path()});
    auto directory = std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, clone.path()).value());
    auto opened = git::Repository::open(directory).value();
    history::KeptBlames kept;
    auto commit = repository.tip("main");
    std::string listed = repository.git({"ls-tree", "-r", "--name-only", commit});
    for (std::string_view path : split(listed, '\n')) {
        auto ours = history::blame(opened, git::parse_oid(commit).value(), std::string(path), {.kept = &kept});
        REQUIRE(ours);
        CHECK(tests::lines_of(*ours) == tests::git_blame(clone.fd(), commit, std::string(path)).value());
        check_equal(repository, commit, std::string(path), {{.kept = &kept}});
    }
}

TEST_CASE("the blame of the next version begins with the kept one")
{
    Repository repository;
    Lines lines = numbered(400);
    repository.commit("main", {{"a", lines}});
    for (int i = 0; i < 30; ++i) {
        lines[static_cast<size_t>(i * 11)] = fmt::format("changed {}\n", i);
        repository.add("main", {{"a", lines}});
    }
    repository.write();
    tests::Scratch directory;
    auto open_kept = [&] { return sys::open_directory(AT_FDCWD, directory.path()).value(); };
    history::KeptBlames kept(open_kept());
    check_equal(repository, repository.tip("main"), "a", {{.kept = &kept}});
    auto before = repository.tip("main");
    lines.insert(lines.begin() + 200, "new\n");
    lines[5] = "other\n";
    repository.commit("main", {{"a", lines}});
    // Another process, and no way to look at what came before: the objects of old commits are of no use.
    history::KeptBlames again(open_kept());
    auto opened = repository.open();
    auto found = again.find(git::parse_oid(before).value(), "a", nullptr);
    REQUIRE(found);
    history::KnownVersions known;
    check_equal(repository, repository.tip("main"), "a", {{.known = &known, .kept = &again}});
    CHECK(known.find_ancestors(git::parse_oid(repository.tip("main")).value(), "a"));
    CHECK_FALSE(known.find_ancestors(git::parse_oid(before).value(), "a"));

    SECTION("damaged files are passed over and removed")
    {
        auto names = sys::list_directory(directory.fd(), ".").value();
        REQUIRE(names.size() == 2);
        for (const std::string& name : names) {
            std::string bytes = sys::read_file(directory.fd(), name).value();
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
            REQUIRE(sys::replace_file(directory.fd(), name, bytes));
        }
        history::KeptBlames damaged(open_kept());
        CHECK_FALSE(damaged.find(git::parse_oid(before).value(), "a", nullptr));
        CHECK(sys::list_directory(directory.fd(), ".").value().size() == 1);
        check_equal(repository, repository.tip("main"), "a", {{.kept = &damaged}});
    }
    SECTION("bytes of one are not taken for another one's")
    {
        std::string bytes = history::encode(*found, "one key");
        CHECK(history::decode(bytes, "one key"));
        CHECK_FALSE(history::decode(bytes, "another"));
        for (size_t size = 0; size < bytes.size(); size += 7)
            CHECK_FALSE(history::decode(bytes.substr(0, size), "one key"));
    }
    SECTION("what is kept has a limit")
    {
        tests::Scratch small;
        history::KeptBlames few(sys::open_directory(AT_FDCWD, small.path()).value(), {.memory = 0, .disk = 20'000});
        for (const std::string& id : {before, repository.tip("main")})
            for (int i = 0; i < 40; ++i) {
                history::Blame one = *found;
                one.commit = git::parse_oid(id).value();
                few.keep("path " + std::to_string(i), nullptr, one);
            }
        uint64_t total = 0;
        auto names = sys::list_directory(small.fd(), ".").value();
        for (const std::string& name : names)
            total += static_cast<uint64_t>((*sys::stat_at(small.fd(), name).value()).st_size);
        CHECK(total > 0);
        CHECK(total <= 20'000);
    }
}

TEST_CASE("a line knows what stood in its place before")
{
    Repository repository;
    Lines lines = numbered(20);
    auto root = repository.commit("main", {{"old.c", lines}});
    lines[7] = "seven\n";
    lines.insert(lines.begin() + 12, "added\n");
    auto second = repository.commit("main", {{"new.c", lines}});
    auto blame = history::blame(repository.open(), second, "new.c").value();
    const history::Blame::Span* changed = blame.at(7);
    REQUIRE(changed);
    const history::Blame::Origin& origin = blame.origins[changed->origin];
    CHECK(git::is_same(origin.parent, root));
    CHECK(blame.paths[origin.parent_path] == "old.c");
    CHECK(history::line_before(*changed, 7) == 7);
    CHECK(blame.at(12)->before == history::no_line);
    CHECK_FALSE(blame.origins[blame.at(0)->origin].has_parent);
    CHECK(origin.author == "a1");
    CHECK(blame.at(21) == nullptr);
}

TEST_CASE("ignored commits pass their lines on")
{
    Repository repository;
    Lines lines = {"int f(int a)\n", "{\n", "\treturn a * 2;\n", "}\n", "\n", "int g;\n"};
    auto first = git::to_string(repository.commit("main", {{"a.c", lines}}));
    lines[5] = "int g = 1;\n";
    auto second = git::to_string(repository.commit("main", {{"a.c", lines}}));
    Lines laid_out = {"int f (int a) {\n", "  return a * 2;\n", "}\n", "\n", "int g  =  1;\n", "// nothing like it\n"};
    auto third = git::to_string(repository.commit("main", {{"a.c", laid_out}}));
    auto blame_with = [&](const std::string& list) {
        auto ignored = history::IgnoredCommits::parse(list);
        return history::blame(repository.open(), git::parse_oid(third).value(), "a.c", {.ignored = &ignored}).value();
    };
    CHECK(commit_of(blame_with(""), 1) == third);
    CHECK(commit_of(blame_with("# layout\nnot an id\n" + third.substr(0, 10) + "\n"), 1) == third);
    auto blame = blame_with("# layout\n" + third + " # by a program\n");
    CHECK(commit_of(blame, 0) == first);
    CHECK(commit_of(blame, 1) == first);
    CHECK(commit_of(blame, 4) == second);
    CHECK(commit_of(blame, 5) == third); // there is nothing to pass it on to

    auto listing = repository.commit("main", {{"a.c", laid_out}, {".git-blame-ignore-revs", {third + "\n"}}});
    CHECK(history::IgnoredCommits::of(repository.open(), listing).has(git::parse_oid(third).value()));
    CHECK(history::IgnoredCommits::of(repository.open(), git::parse_oid(third).value()).is_empty());
}

TEST_CASE("blame without time says what it knows")
{
    Repository repository;
    Lines lines = numbered(50);
    repository.commit("main", {{"a", lines}});
    lines[3] = "other\n";
    auto tip = repository.commit("main", {{"a", lines}});
    history::KeptBlames kept;
    auto none = history::blame(repository.open(), tip, "a", {.patience = Patience(monotonic_now() - 1), .kept = &kept});
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == ErrorKind::busy);
    CHECK_FALSE(kept.find(tip, "a", nullptr));
    CHECK(history::blame(repository.open(), tip, "missing").error().kind == ErrorKind::not_found);
}

TEST_CASE("lines that a commit took from elsewhere are found there")
{
    Repository repository;
    Lines large = numbered(60), other = {"int other;\n"};
    auto root = repository.commit("main", {{"large.c", large}, {"other.c", other}});
    Lines moved(large.begin() + 20, large.begin() + 40);
    Lines rest(large.begin(), large.begin() + 20);
    rest.insert(rest.end(), large.begin() + 40, large.end());
    moved.insert(moved.begin(), "// a part of its own\n");
    for (std::string& line : moved)
        line.insert(0, "\t");
    auto split = repository.commit("main", {{"large.c", rest}, {"part.c", moved}, {"other.c", other}});
    auto opened = repository.open();
    history::KnownVersions known;
    Patience patience;
    history::Lineage lineage(opened, known, patience);
    auto version = lineage.version_at(split, "part.c").value();
    auto found = history::find_moved_lines(lineage, version, 0, 21, patience);
    REQUIRE(found);
    CHECK(found->path == "large.c");
    CHECK(git::is_same(found->parent, root));
    CHECK(found->line == 20);
    CHECK(found->percent > 90);
    CHECK(history::find_moved_lines(lineage, version, 5, 3, patience)->line == 24);
    other.insert(other.end(), {"static int never_seen_before(void)\n", "{ return 1234567890; }\n"});
    auto third = repository.commit("main", {{"large.c", rest}, {"part.c", moved}, {"other.c", other}});
    CHECK_FALSE(history::find_moved_lines(lineage, lineage.version_at(third, "other.c").value(), 1, 2, patience));
}
