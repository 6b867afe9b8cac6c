// The index of entries: that it says what git log -1 says, also when it is brought up to date over merges, that a
// search from another commit may end at it, and that a damaged one counts as missing.
#include "history/entry_index.h"

#include <algorithm>

#include "base/time.h"
#include "git/last_changes.h"
#include "history/entry_indexing.h"
#include "store/entry_index.h"
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
        commit(files);
        files["dir/b"] = "2\n";
        commit(files);
        sys::make_directories(fd(), "runs").value();
        runs = sys::open_directory(fd(), "runs").value();
    }
    IndexedEntries index()
    {
        git::Repository repository = open();
        return index_entries(repository, runs.get(), Patience()).value();
    }

    /// Each entry of the index against git.
    void compare(const EntryIndex& index, size_t expected)
    {
        size_t count = 0;
        for (std::string directory : {"", "dir", "dir/sub"})
            for (const EntryIndex::Entry& entry : index.directory(directory)) {
                std::string path =
                    directory.empty() ? std::string(entry.name) : directory + "/" + std::string(entry.name);
                INFO(path);
                CHECK(git::to_string(entry.commit) == git({"log", "-1", "--format=%H", "main", "--", path}));
                CHECK(std::string(entry.subject) == git({"log", "-1", "--format=%s", "main", "--", path}));
                CHECK(entry.size.has_value() == (git({"cat-file", "-t", "main:" + path}) == "blob"));
                CHECK(git::to_string(entry.id) == git({"rev-parse", "main:" + path}));
                CHECK(git({"ls-tree", "main", path})
                          .starts_with(fmt::format("{:06o} ", static_cast<unsigned>(entry.mode))));
                auto found = index.find(path);
                REQUIRE(found);
                CHECK(git::is_same(found->id, entry.id));
                CHECK(found->name == entry.name);
                ++count;
            }
        CHECK(count == expected);
    }

    Files files{{"a", "1\n"}, {"dir/b", "1\n"}, {"dir/sub/c", "1\n"}, {"dir.x", "1\n"}};
    UniqueFd runs;
};

} // namespace

TEST_CASE("the index of entries says what git log -1 says")
{
    Forge forge;
    IndexedEntries indexed = forge.index();
    CHECK(indexed.directories == 3);
    CHECK(indexed.is_complete);
    auto index = EntryIndex::open(forge.runs.get());
    REQUIRE(index);
    CHECK(index->is_complete());
    forge.compare(*index, 6);
    CHECK(index->directory("nosuch").empty());
    CHECK(index->directory("di").empty());
    for (const char* nothing : {"", "nosuch", "dir/nosuch", "dir/", "/a", "a/b", "dir/su", "dir\tb"})
        CHECK_FALSE(index->find(nothing));
    for (const char* path : {"nosuch", "dir/nosuch", "dir/sub/.editorconfig", "a"})
        CHECK(index->knows_directory_of(path));
    for (const char* path : {"a/b", "di/b", "nosuch/a", "dir/su/b", "/a", "dir\tb/c"})
        CHECK_FALSE(index->knows_directory_of(path));
    std::string line = "a\t" + git::to_string(index->find("a")->commit); // as the index has it
    CHECK_FALSE(index->find(line));
    CHECK(forge.index().directories == 0); // nothing is new
}

TEST_CASE("the index of entries is brought up to date over branches and merges")
{
    Forge forge;
    forge.index();
    // The side left before the index's commit, so that what the merge took from it does not end there.
    int side = forge.commit({{"a", "1\n"}, {"dir/b", "1\n"}, {"dir/sub/c", "side\n"}, {"dir.x", "1\n"}}, {1});
    forge.files["a"] = "2\n";
    int main = forge.commit(forge.files, {2});
    forge.files["dir/sub/c"] = "side\n";
    int merge = forge.commit(forge.files, {main, side});
    forge.files["dir/new"] = "1\n";
    forge.commit(forge.files, {merge});
    CHECK(forge.index().directories == 3);
    auto index = EntryIndex::open(forge.runs.get());
    REQUIRE(index);
    forge.compare(*index, 7);
}

TEST_CASE("a search ends where all is known, and only there")
{
    Forge forge;
    git::Repository repository = forge.open();
    git_oid tip = repository.resolve({})->commit, made_up{};
    made_up.id[0] = 1;
    git_oid parent = *git::parse_oid(forge.git({"rev-parse", "main~1"}));
    git::KnownChanges known{.at = parent, .commits = {{"sub", made_up}, {"b", made_up}}};
    auto found = git::last_changes(repository, tip, "dir", {"b", "sub"}, Patience(), known);
    REQUIRE(found.is_complete);
    CHECK(git::is_same(*found.commits[0], tip)); // changed since then
    CHECK(git::is_same(*found.commits[1], made_up));
    known.at = made_up; // no commit of this repository
    found = git::last_changes(repository, tip, "dir", {"b", "sub"}, Patience(), known);
    CHECK(git::is_same(*found.commits[1], parent));
}

TEST_CASE("a patience that is over leaves a part, which is completed later")
{
    Forge forge;
    git::Repository repository = forge.open();
    auto part = index_entries(repository, forge.runs.get(), Patience(monotonic_now() - 1));
    REQUIRE(part);
    CHECK_FALSE(part->is_complete);
    CHECK_FALSE(EntryIndex::open(forge.runs.get()).value().is_complete());
    CHECK(forge.index().directories == 3);
    CHECK(EntryIndex::open(forge.runs.get()).value().is_complete());
}

TEST_CASE("a damaged index of entries counts as missing, and is made anew")
{
    Forge forge;
    forge.index();
    std::string whole = sys::read_file(forge.runs.get(), store::paths::entry_index, 1u << 20).value();
    for (std::string text : {std::string(), whole.substr(0, whole.size() - 1), whole.substr(0, whole.size() / 2),
                             "quire-entries 1" + whole.substr(15), whole + "x"}) {
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::entry_index, text, 0640));
        CHECK_FALSE(EntryIndex::open(forge.runs.get()));
    }
    CHECK(forge.index().directories == 3);
    // Lines that are none: the directory is not known.
    size_t at = whole.find("dir\tb\t");
    REQUIRE(at != std::string::npos);
    whole[at + 6] = 'x';
    REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::entry_index, whole, 0640));
    CHECK(EntryIndex::open(forge.runs.get()).value().directory("dir").empty());
    CHECK(EntryIndex::open(forge.runs.get()).value().directory("").size() == 3);
}
