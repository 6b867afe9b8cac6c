// Walks over history against git itself, on a history with merges: without a commit-graph, with one, with one that
// knows a part, and with a chain of them.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <random>

#include "base/strings.h"
#include "base/time.h"
#include "git/ahead_behind.h"
#include "git/last_changes.h"
#include "git/log_walk.h"
#include "git/reachability.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/process.h"

using namespace quire;

namespace {

constexpr int64_t ages = 3600 * nanoseconds_per_second;

enum class Graph { none, whole, half, chain };

struct History : tests::Scratch {
    explicit History(Graph graph, int seconds_apart = 60) : seconds(seconds_apart)
    {
        git({"init", "--bare", "-q", "--initial-branch=main", "."});
        std::minstd_rand random(7);
        grow(random, 0, 150);
        if (graph == Graph::half || graph == Graph::chain)
            git({"commit-graph", "write", "--reachable", "--changed-paths", "--split=no-merge"});
        grow(random, 150, 300);
        if (graph == Graph::whole)
            git({"commit-graph", "write", "--reachable", "--changed-paths"});
        if (graph == Graph::chain)
            git({"commit-graph", "write", "--reachable", "--changed-paths", "--split=no-merge"});
    }

    /// Commits `begin` to `end` on three branches; every seventh merges two of them.
    void grow(std::minstd_rand& random, int begin, int end) const
    {
        std::string import;
        for (int i = begin; i < end; ++i) {
            auto pick = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
            const char* branches[] = {"main", "topic", "far"};
            const char* branch = branches[i < 3 ? i : pick(3)];
            const char* other = branches[pick(3)];
            std::string message = fmt::format("change {} of {}\n", i, i % 5 == 0 ? "Fives" : "others");
            import += fmt::format(
                "commit refs/heads/{0}\nauthor {3} <{3}@x> {1} +0000\ncommitter c <c@x> {1} +0000\ndata {2}\n{4}",
                branch, 1'000'000'000 + i * seconds, message.size(), i % 3 == 0 ? "Alice" : "bob", message);
            // fast-import knows what it wrote itself; what came before has to be said.
            if (i >= begin && begin > 0 && !contains(m_begun, branch))
                import += fmt::format("from refs/heads/{}^0\n", branch), m_begun.emplace_back(branch);
            if (i % 7 == 6 && i > 20 && std::string_view(branch) != other)
                import += fmt::format("merge refs/heads/{}\n", other);
            std::string text = fmt::format("content {}\n", pick(4));
            import += fmt::format("M 644 inline {}\ndata {}\n{}", paths()[pick(8)], text.size(), text);
            if (pick(9) == 0)
                import += fmt::format("D {}\n", paths()[pick(8)]);
        }
        git({"fast-import", "--quiet", "--force"}, import);
    }

    static bool contains(const std::vector<std::string>& all, std::string_view one)
    {
        return std::find(all.begin(), all.end(), one) != all.end();
    }
    static std::vector<std::string> paths()
    {
        return {"a", "b.txt", "dir/one", "dir/two", "dir/sub/three", "dir/sub/four", "dir.x", "\xc3\xa4/five"};
    }
    std::string git(std::vector<std::string> arguments, const std::string& input = "") const
    {
        arguments.insert(arguments.begin(), "git");
        auto out = sys::run_ok({.argv = arguments, .directory = fd()}, {.input = input});
        INFO((out ? std::string() : out.error().message));
        REQUIRE(out);
        return std::string(trim(*out));
    }
    git_oid id(const std::string& revision) const { return git::parse_oid(git({"rev-parse", revision})).value(); }
    git::Repository open() const
    {
        auto repository =
            git::Repository::open(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, path()).value()));
        REQUIRE(repository);
        return std::move(*repository);
    }
    int seconds;
    mutable std::vector<std::string> m_begun;
};

std::string ids_of(const std::vector<git::CommitInfo>& commits)
{
    std::string text;
    for (const git::CommitInfo& commit : commits)
        text += git::to_string(commit.id) + "\n";
    return std::string(trim(text));
}

/// The lines in an order of their own.
std::vector<std::string> sorted(const std::string& text)
{
    std::vector<std::string> lines;
    for (std::string_view line : split(text, '\n'))
        lines.emplace_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The whole log, gathered page by page.
std::vector<git::CommitInfo> all_pages(const git::Repository& repository, git::LogQuery query,
                                       bool after_commits = false)
{
    std::vector<git::CommitInfo> all;
    query.patience = Patience(monotonic_now() + ages);
    for (int pages = 0; pages < 1000; ++pages) {
        auto page = git::read_log(repository, query);
        REQUIRE(page);
        all.insert(all.end(), page->commits.begin(), page->commits.end());
        if (page->rest.empty())
            return all;
        if (after_commits) // from the first tips again, as far as this page went
            query.after = page->end;
        else
            query.from = page->rest;
    }
    FAIL("the log does not end");
    return all;
}

} // namespace

TEST_CASE("history: each entry's last change is what git log -1 says")
{
    History history(GENERATE(Graph::none, Graph::whole, Graph::half, Graph::chain));
    git::Repository repository = history.open();
    for (const char* branch : {"main", "topic", "far"}) {
        git_oid tip = history.id(branch);
        for (std::string directory : {"", "dir", "dir/sub", "\xc3\xa4"}) {
            auto entry = repository.find(tip, directory);
            if (!entry)
                continue;
            std::vector<std::string> names;
            auto entries = repository.list(entry->id);
            REQUIRE(entries);
            for (const git::Entry& found : entries->entries)
                names.push_back(found.name);
            auto changes = git::last_changes(repository, tip, directory, names, Patience(monotonic_now() + ages));
            CHECK(changes.is_complete);
            for (size_t i = 0; i < names.size(); ++i) {
                std::string path = directory.empty() ? names[i] : directory + "/" + names[i];
                INFO(branch << " " << path);
                REQUIRE(changes.commits[i]);
                CHECK(git::to_string(*changes.commits[i]) ==
                      history.git({"log", "-1", "--format=%H", branch, "--", path}));
            }
        }
    }
}

TEST_CASE("history: a patience that is over yields a part, and says so")
{
    History history(Graph::none);
    git::Repository repository = history.open();
    auto changes =
        git::last_changes(repository, history.id("main"), "", {"a", "b.txt", "nosuch"}, Patience(monotonic_now() - 1));
    CHECK_FALSE(changes.is_complete);
    CHECK(changes.commits.size() == 3);
}

TEST_CASE("history: the log of a path, by pages, is git's")
{
    History history(GENERATE(Graph::none, Graph::whole, Graph::half, Graph::chain));
    git::Repository repository = history.open();
    for (std::string path : {"", "a", "dir", "dir/sub", "dir/sub/four", "dir.x", "\xc3\xa4/five", "nosuch"}) {
        for (size_t count : {size_t{1}, size_t{7}, size_t{1000}}) {
            INFO(path << " by " << count);
            std::vector<std::string> arguments{"rev-list", "main"};
            if (!path.empty())
                arguments.insert(arguments.end(), {"--", path});
            auto all = all_pages(
                repository, {.from = {history.id("main")}, .path = path, .author = {}, .words = {}, .count = count});
            CHECK(ids_of(all) == history.git(arguments));
            if (count > 1)
                CHECK(ids_of(all_pages(repository, {.from = {history.id("main")}, .path = path, .count = count},
                                       true)) == ids_of(all));
        }
    }
}

TEST_CASE("history: author and words limit the log, without regard to case")
{
    History history(Graph::whole);
    git::Repository repository = history.open();
    git_oid main = history.id("main");
    CHECK(ids_of(all_pages(repository, {.from = {main}, .path = {}, .author = "ALICE@", .words = {}, .count = 3})) ==
          history.git({"rev-list", "--author=Alice@", "main"}));
    CHECK(
        ids_of(all_pages(repository, {.from = {main}, .path = "dir", .author = "bob", .words = "fives", .count = 3})) ==
        history.git({"rev-list", "--author=bob", "--grep=Fives", "main", "--", "dir"}));
    CHECK(all_pages(repository, {.from = {main}, .path = {}, .author = {}, .words = "[.*", .count = 3}).empty());
}

TEST_CASE("history: a log of several tips shows each commit once")
{
    History history(GENERATE(Graph::none, Graph::half));
    git::Repository repository = history.open();
    auto all = all_pages(repository, {.from = {history.id("main"), history.id("topic"), history.id("far")},
                                      .path = {},
                                      .author = {},
                                      .words = {},
                                      .count = 11});
    CHECK(ids_of(all) == history.git({"rev-list", "--all"}));
}

TEST_CASE("history: ahead and behind, and who holds a commit, are git's")
{
    // Also where all commits are of the same second, as scripts make them.
    int seconds = GENERATE(60, 0);
    History history(GENERATE(Graph::none, Graph::whole, Graph::half, Graph::chain), seconds);
    git::Repository repository = history.open();
    std::vector<std::string> branches{"far", "main", "topic"};
    std::vector<git_oid> tips;
    for (const std::string& branch : branches)
        tips.push_back(history.id(branch));
    for (size_t base = 0; base < branches.size(); ++base) {
        size_t steps = 100'000;
        auto counted = git::ahead_behind(repository, tips[base], tips, steps);
        REQUIRE(counted);
        for (size_t i = 0; i < branches.size(); ++i) {
            CHECK(fmt::format("{}\t{}", (*counted)[i].ahead, (*counted)[i].behind) ==
                  history.git({"rev-list", "--left-right", "--count", branches[i] + "..." + branches[base]}));
            auto parting = git::find_parting(repository, tips[base], tips[i], 1000, 100'000);
            REQUIRE(parting);
            CHECK(sorted(ids_of(parting->commits)) ==
                  sorted(history.git({"rev-list", branches[base] + ".." + branches[i]})));
            auto bases = history.git({"merge-base", "--all", branches[base], branches[i]});
            CHECK((parting->ancestor ? bases.find(git::to_string(*parting->ancestor)) != std::string::npos
                                     : bases.empty()));
        }
    }
    std::string all = history.git({"rev-list", "--all"});
    size_t number = 0;
    for (std::string_view text : split(all, '\n')) {
        if (number++ % 10 != 0)
            continue;
        auto holders = git::tips_that_hold(repository, git::parse_oid(text).value(), tips, 100'000);
        REQUIRE(holders);
        std::string names;
        for (size_t i = 0; i < branches.size(); ++i)
            names += (*holders)[i] ? "refs/heads/" + branches[i] + "\n" : "";
        CHECK(trim(names) == history.git({"for-each-ref", "--format=%(refname)", "--contains", std::string(text)}));
    }
}

TEST_CASE("history: what takes too many steps is left open")
{
    History history(Graph::none);
    git::Repository repository = history.open();
    size_t steps = 2;
    CHECK_FALSE(git::ahead_behind(repository, history.id("main~30"), {history.id("main")}, steps));
    CHECK(steps == 0);
    CHECK_FALSE(git::tips_that_hold(repository, history.id("main~30"), {history.id("main")}, 3));
}
