// The file of the newest commits: that it says what the log says, also when the tip moves, that what needs more than a
// commit's content is left to git, and that a damaged file counts as missing.
#include "history/newest_commits.h"

#include "history/newest_indexing.h"
#include "store/newest_commits.h"
#include "story.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::history;
using tests::Story;

namespace {

struct Forge : Story {
    explicit Forge(int commits)
    {
        for (int i = 0; i < commits; ++i)
            commit({{"a", std::to_string(i)}});
        sys::make_directories(fd(), "runs").value();
        runs = sys::open_directory(fd(), "runs").value();
    }
    void index()
    {
        git::Repository repository = open();
        REQUIRE(index_newest(repository, runs.get()));
    }
    Result<NewestCommits> kept() const { return NewestCommits::open(runs.get()); }
    /// A commit on top of main that has this content after its parent.
    void commit_raw(const std::string& content)
    {
        std::string tree = git({"rev-parse", "main^{tree}"}), parent = git({"rev-parse", "main"});
        std::string id = git({"hash-object", "--literally", "-t", "commit", "-w", "--stdin"},
                             "tree " + tree + "\nparent " + parent + "\n" + content);
        git({"update-ref", "refs/heads/main", id});
    }
    void index_as_it_is()
    {
        auto repository =
            git::Repository::open(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, path()).value()));
        REQUIRE(index_newest(repository.value(), runs.get()));
    }

    UniqueFd runs;
};

void check_person(const git::Person& found, const git::Person& expected)
{
    CHECK(found.name == expected.name);
    CHECK(found.email == expected.email);
    CHECK(found.when == expected.when);
}

void check_ids(const std::vector<git_oid>& found, const std::vector<git_oid>& expected)
{
    REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); ++i)
        CHECK(git::is_same(found[i], expected[i]));
}

void check_commit(const git::CommitInfo& found, const git::CommitInfo& expected)
{
    CHECK(git::is_same(found.id, expected.id));
    CHECK(git::is_same(found.tree, expected.tree));
    check_ids(found.parents, expected.parents);
    check_person(found.author, expected.author);
    check_person(found.committer, expected.committer);
    CHECK(found.message == expected.message);
    CHECK(found.change_id == expected.change_id);
}

/// All that the file says against the log.
void compare(const git::Repository& repository, const NewestCommits& kept, size_t count)
{
    git_oid tip = repository.resolve({})->commit;
    CHECK(git::is_same(kept.tip(), tip));
    git::LogPage log = git::read_log(repository, {.from = {tip}, .count = most_newest_commits}).value();
    git::LogPage page = kept.page();
    REQUIRE(log.commits.size() == count);
    REQUIRE(page.commits.size() == count);
    for (size_t i = 0; i < count; ++i)
        check_commit(page.commits[i], log.commits[i]);
    CHECK(git::is_same(page.end, log.end));
    check_ids(page.rest, log.rest);
    CHECK(page.has_begun);
    CHECK_FALSE(page.is_cut);
    CHECK(kept.first(3).size() == std::min<size_t>(3, count));
    check_commit(kept.first(1)[0], log.commits[0]);
}

} // namespace

TEST_CASE("the newest commits are those of the log, over branches and merges")
{
    Forge forge(70);
    int side = forge.commit({{"a", "side"}}, {10});
    int main = forge.commit({{"a", "main"}}, {70});
    forge.commit({{"a", "both"}}, {main, side});
    git::Repository repository = forge.open();
    CHECK_FALSE(forge.kept());
    REQUIRE(index_newest(repository, forge.runs.get()));
    compare(repository, forge.kept().value(), most_newest_commits);
    CHECK(forge.kept()->page().rest.size() == 2); // the walk is on both sides
}

TEST_CASE("a short history is kept whole, and follows its tip")
{
    Forge forge(2);
    forge.index();
    compare(forge.open(), forge.kept().value(), 2);
    CHECK(forge.kept()->page().rest.empty());
    forge.commit({{"a", "new"}});
    forge.index();
    compare(forge.open(), forge.kept().value(), 3);
}

TEST_CASE("odd commits are kept as git has them")
{
    Forge forge(1);
    forge.open();
    forge.commit_raw("author a\xff <a@x> 99999999999999999999 +0000\ncommitter c <c@x> -5 +0000\n"
                     "change-id kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n\n\n\nline\r\n\nquire-newest 1 2\n\n");
    forge.index_as_it_is();
    auto repository =
        git::Repository::open(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, forge.path()).value()));
    compare(repository.value(), forge.kept().value(), 2);
}

TEST_CASE("what needs more than a commit's content is left to git")
{
    Forge forge(1);
    forge.open();
    std::string people = "author a <a@x> 1 +0000\ncommitter c <c@x> 1 +0000\n";
    SECTION("a large commit") { forge.commit_raw(people + "\n" + std::string(16u << 10, 'x')); }
    SECTION("a conflict of jj's")
    {
        std::string tree = forge.git({"rev-parse", "main^{tree}"});
        forge.commit_raw(people + "jj:trees " + tree + " " + tree + " " + tree + "\n\nconflict\n");
    }
    SECTION("a shallow repository")
    {
        REQUIRE(sys::replace_file_unsynced(forge.fd(), "shallow", forge.git({"rev-parse", "main"}) + "\n", 0640));
    }
    forge.index_as_it_is();
    CHECK_FALSE(forge.kept());
}

TEST_CASE("a damaged file of the newest commits counts as missing, and is made anew")
{
    Forge forge(3);
    forge.index();
    std::string whole = sys::read_file(forge.runs.get(), store::paths::newest_commits, 1u << 20).value();
    std::vector<std::string> damaged{"", "quire-newest 1 0\n", "quire-newest 2" + whole.substr(14), whole + "x"};
    for (size_t at = 0; at < whole.size(); ++at) {
        damaged.push_back(whole.substr(0, at));
        damaged.push_back(whole);
        damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 1);
    }
    for (const std::string& text : damaged) {
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::newest_commits, text, 0640));
        REQUIRE_FALSE(forge.kept());
    }
    forge.index_as_it_is();
    CHECK(sys::read_file(forge.runs.get(), store::paths::newest_commits, 1u << 20).value() == whole);
}

TEST_CASE("a file of the newest commits whose checksum is right may be wrong all the same")
{
    Forge forge(1);
    git_oid id = forge.open().resolve({})->commit;
    std::vector<std::pair<git_oid, std::string>> commits(most_newest_commits, {id, ""});
    auto is_whole = [&](const std::string& text) {
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), store::paths::newest_commits, text, 0640));
        return forge.kept().has_value();
    };
    CHECK(is_whole(newest_commits_text({}, commits)));
    CHECK_FALSE(is_whole(newest_commits_text({}, {})));
    commits.emplace_back(id, "");
    CHECK_FALSE(is_whole(newest_commits_text({}, commits)));
}
