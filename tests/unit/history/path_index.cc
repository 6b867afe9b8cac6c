// The index of paths: that the log of every path with it is git's, whatever happened to the path and whatever part of
// history the index knows, and that a damaged one counts as missing.
#include "history/path_index.h"

#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <random>
#include <set>

#include "base/time.h"
#include "git/log_walk.h"
#include "history/path_indexing.h"
#include "store/path_index.h"
#include "story.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::history;
using tests::Files;
using tests::Story;

namespace {

struct Forge : Story {
    Forge()
    {
        sys::make_directories(fd(), "runs").value();
        runs = sys::open_directory(fd(), "runs").value();
    }
    IndexedPaths index(size_t enough = 0, const Patience& patience = Patience())
    {
        git::Repository repository = open();
        return index_paths(repository, runs.get(), patience, enough).value();
    }
    PathIndex read() { return PathIndex::open(runs.get()).value(); }

    /// The log of the path by the index, and how often a commit was met that it did not know.
    std::string log(const git::Repository& repository, const PathIndex& index, const std::string& tip,
                    const std::string& path)
    {
        auto of_path = index.path(path);
        git::LogQuery query{.from = {git::parse_oid(git({"rev-parse", tip})).value()}, .path = path, .count = 100'000};
        query.same_parent = [&](const git_oid& commit) {
            auto known = of_path.same_parent(commit);
            unknown += !known;
            return known;
        };
        std::string text;
        git::LogPage page = git::read_log(repository, query).value();
        for (const git::CommitInfo& commit : page.commits)
            text += git::to_string(commit.id) + "\n";
        return std::string(trim(text));
    }
    void compare(const std::string& tip, const std::vector<std::string>& paths)
    {
        git::Repository repository = open();
        PathIndex index = read();
        unknown = 0;
        for (const std::string& path : paths) {
            INFO(tip << " " << path);
            CHECK(log(repository, index, tip, path) == git({"rev-list", tip, "--", path}));
        }
    }

    UniqueFd runs;
    size_t unknown = 0;
};

/// Everything that can happen to a path, again and again: files come, change, go and come back, become directories,
/// move, and are merged from one, two or three sides, by one side's word or by neither's. Clocks go wrong.
struct WildForge : Forge {
    explicit WildForge(unsigned seed) : random(seed) {}

    unsigned pick(unsigned n) { return static_cast<unsigned>(random()) % n; }
    void change(Files& files)
    {
        const char* names[] = {"a", "b", "dir/a", "dir/b", "dir/sub/a", "dir/sub/deep/a", "dir.x", "x", "x/a", "x/y/a"};
        std::string name = names[pick(10)];
        switch (pick(5)) {
        case 0:
            files.erase(name);
            break;
        case 1: // all that is below it moves
            for (const auto& [path, text] : Files(files))
                if (path.starts_with("dir/")) {
                    files.erase(path);
                    files["moved/" + path.substr(4)] = text;
                }
            break;
        default:
            // A file stands in for a directory of its name, or the other way round.
            std::erase_if(files, [&](const auto& file) {
                return file.first.starts_with(name + "/") || name.starts_with(file.first + "/");
            });
            files[name] = fmt::format("{}\n", pick(3));
        }
    }
    void grow(int commits)
    {
        for (int i = 0; i < commits; ++i) {
            shift = pick(4) == 0 ? static_cast<int>(pick(4000)) - 2000 : 0;
            std::vector<int> parents;
            for (unsigned sides = states.empty() ? 0 : pick(4) == 0 ? 2 + pick(2) : 1; parents.size() < sides;) {
                int last = static_cast<int>(states.size());
                int parent = last - static_cast<int>(pick(static_cast<unsigned>(std::min(last, 6))));
                if (std::find(parents.begin(), parents.end(), parent) != parents.end())
                    break;
                parents.push_back(parent);
            }
            Files files = parents.empty() ? Files{{"a", "0\n"}} : states[static_cast<size_t>(parents[0]) - 1];
            for (size_t side = 1; side < parents.size(); ++side)
                if (pick(2) == 0)
                    files = states[static_cast<size_t>(parents[side]) - 1];
            if (parents.size() == 1 || pick(3) == 0)
                change(files);
            if (pick(8) == 0)
                change(files);
            states.push_back(files);
            commit(files, parents);
        }
    }
    std::vector<std::string> paths() const
    {
        std::set<std::string> all{"nosuch"};
        for (const Files& files : states)
            for (const auto& [path, text] : files)
                for (size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1))
                    all.insert(path.substr(0, end));
        return {all.begin(), all.end()};
    }

    std::minstd_rand random;
    std::vector<Files> states;
};

} // namespace

TEST_CASE("the log of every path by the index is git's, whatever happened to it")
{
    WildForge forge(GENERATE(1u, 2u, 3u, 4u));
    forge.grow(150);
    forge.index();
    CHECK(forge.read().extent() == Extent::whole);
    std::vector<std::string> paths = forge.paths();
    CHECK(paths.size() > 20);
    forge.compare("main", paths);
    CHECK(forge.unknown == 0);
    // What came later is read from the trees, and once more brought up to date.
    forge.grow(30);
    forge.compare("main", paths);
    CHECK(forge.unknown > 0);
    forge.index();
    forge.compare("main", forge.paths());
    CHECK(forge.unknown == 0);
}

TEST_CASE("the index of paths is right for a part of history, without filters, and after history was rewritten")
{
    WildForge forge(7);
    forge.grow(100);
    forge.open();
    git_oid old = git::parse_oid(forge.git({"rev-parse", "main~8"})).value();
    forge.git({"branch", "old", git::to_string(old)});
    forge.git({"branch", "whole", "main"});
    forge.git({"update-ref", "refs/heads/main", git::to_string(old)});
    git::Repository repository =
        git::Repository::open(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, forge.path()).value()))
            .value();
    REQUIRE(index_paths(repository, forge.runs.get(), Patience(), 0));
    uint32_t known = forge.read().commits();
    forge.git({"update-ref", "refs/heads/main", "refs/heads/whole"});
    auto compare = [&](const std::string& tip) {
        PathIndex index = forge.read();
        for (const std::string& path : forge.paths()) {
            INFO(tip << " " << path);
            CHECK(forge.log(repository, index, tip, path) == forge.git({"rev-list", tip, "--", path}));
        }
    };
    compare("whole");
    sys::unlink_at(forge.fd(), "objects/info/commit-graph").value();
    compare("whole");
    CHECK(forge.unknown > 0);
    REQUIRE(index_paths(repository, forge.runs.get(), Patience(), 0));
    CHECK(forge.read().commits() > known);
    compare("whole");
    // Back again: what is not in history any more is dropped when the index is written.
    forge.git({"update-ref", "refs/heads/main", git::to_string(old)});
    REQUIRE(index_paths(repository, forge.runs.get(), Patience(), 0));
    CHECK(forge.read().commits() > known); // nothing is new
    std::string head = forge.git({"commit-tree", "-p", "old", "-m", "another way", "whole^{tree}"});
    forge.git({"update-ref", "refs/heads/main", head});
    REQUIRE(index_paths(repository, forge.runs.get(), Patience(), 0));
    CHECK(forge.read().commits() == known + 1);
    compare("main");
    compare("whole");
}

TEST_CASE("the index of paths is written when enough commits have come together")
{
    Forge forge;
    Files files{{"a", "1\n"}};
    for (int i = 0; i < 9; ++i) {
        files["a"] = fmt::format("{}\n", i);
        forge.commit(files);
    }
    CHECK(forge.index(10).commits == 0);
    CHECK_FALSE(PathIndex::open(forge.runs.get()));
    forge.commit({{"b", "1\n"}});
    CHECK(forge.index(10).commits == 10);
    CHECK(forge.index(10).commits == 0);
    forge.commit({{"c", "1\n"}});
    CHECK(forge.index(10).commits == 0);
    CHECK(forge.index(1).commits == 1);
    CHECK(forge.read().commits() == 11);
    forge.compare("main", {"a", "b", "c"});
    CHECK(forge.unknown == 0);
}

TEST_CASE("a patience that is over leaves a part of the index of paths, which is completed later")
{
    WildForge forge(5);
    forge.grow(50);
    CHECK_FALSE(forge.index(0, Patience(monotonic_now() - 1)).is_whole);
    CHECK(forge.read().extent() == Extent::begun);
    CHECK(forge.read().commits() == 0);
    forge.compare("main", forge.paths());
    CHECK(forge.index(1000).is_whole); // what was begun goes on
    CHECK(forge.read().extent() == Extent::whole);
    forge.compare("main", forge.paths());
    CHECK(forge.unknown == 0);
}

TEST_CASE("a commit that touched too many paths is left to its trees, and those beside it are not")
{
    Forge forge;
    forge.commit({{"a", "1\n"}});
    Files many{{"a", "2\n"}};
    for (int i = 0; i < 60'000; ++i)
        many[fmt::format("many/{}/{}", i % 100, i)] = "";
    forge.commit(many);
    many["a"] = "3\n";
    forge.commit(many);
    forge.index();
    PathIndex index = forge.read();
    CHECK(index.commits() == 3);
    auto path = index.path("a");
    CHECK(path.same_parent(forge.id(1)) == 0u);
    CHECK_FALSE(path.same_parent(forge.id(2)));
    CHECK(path.same_parent(forge.id(3)) == 0u);
    CHECK(index.path("many").same_parent(forge.id(3)) == 1u);
    CHECK_FALSE(path.same_parent(git_oid{}));
    forge.compare("main", {"a", "many", "many/7", "many/7/7"});
}

TEST_CASE("a damaged index of paths counts as missing, and is made anew")
{
    WildForge forge(6);
    forge.grow(20);
    forge.index();
    std::string whole = sys::read_file(forge.runs.get(), store::paths::path_index, 1u << 20).value();
    for (std::string text :
         {std::string(), whole.substr(0, whole.size() - 1), whole.substr(0, whole.size() / 2), whole.substr(0, 20),
          "quire-paths 2" + whole.substr(13), whole + "x", "quire-paths 1 4000000000 1 1 w\n" + whole}) {
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::path_index, text, 0640));
        CHECK_FALSE(PathIndex::open(forge.runs.get()));
    }
    CHECK(forge.index().is_whole);
    forge.compare("main", forge.paths());
    CHECK(forge.unknown == 0);
    // Whatever stands in it, nothing outside of it is read.
    std::minstd_rand random(1);
    git::Repository repository = forge.open();
    for (int i = 0; i < 200; ++i) {
        std::string wrong = whole;
        size_t begin = wrong.find('\n') + 1;
        for (int byte = 0; byte < 40; ++byte)
            wrong[begin + random() % (wrong.size() - begin)] = static_cast<char>(random());
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::path_index, wrong, 0640));
        PathIndex index = forge.read();
        for (const char* path : {"a", "dir", "x/a"})
            forge.log(repository, index, "main", path);
    }
    REQUIRE(index_paths(repository, forge.runs.get(), Patience(), 0));
}
