// The index of changes: what it finds, that it is brought up to date, and that a damaged one counts as missing.
#include "history/change_index.h"

#include <algorithm>

#include "history/change_indexing.h"
#include "store/push_log.h"
#include "story.h"
#include "sys/atomic_file.h"

using namespace quire;
using namespace quire::history;
using tests::Story;

namespace {

const std::string first_change(32, 'k'), second_change = std::string(31, 'k') + "z",
                                         third_change = "z" + std::string(31, 'k');
const std::string gerrit = "I" + std::string(40, 'a');

struct Forge : Story {
    Forge()
    {
        commit({{"a", "a\n"}});
        repository.emplace(open());
        sys::make_directories(fd(), "quire").value();
        sys::make_directories(fd(), "runs").value();
        runs = sys::open_directory(fd(), "runs").value();
        base = git_text({"rev-parse", "main"});
    }
    std::string git_text(std::vector<std::string> arguments, const std::string& input = "") const
    {
        return git(std::move(arguments), input);
    }
    /// A commit on top of the base; prints its id.
    std::string version(const std::string& headers, const std::string& message)
    {
        return git({"hash-object", "-t", "commit", "-w", "--stdin"},
                   fmt::format("tree {}\nparent {}\nauthor a <a@a> {} +0000\ncommitter a <a@a> 1 +0000\n{}\n{}\n",
                               git({"rev-parse", base + "^{tree}"}), base, ++m_count, headers, message));
    }
    void push(const std::string& ref, const std::string& id)
    {
        std::string old(40, '0');
        if (auto tip = repository->commit_of_ref(ref))
            old = git::to_string(*tip);
        git({"update-ref", ref, id});
        REQUIRE(store::append_push_log(fd(), {{.at = 1'700'000'000'000'000'000,
                                               .push_id = "p",
                                               .pusher = "al\tice",
                                               .ref = ref,
                                               .old_id = old,
                                               .new_id = id}}));
    }
    IndexedChanges index()
    {
        auto indexed = index_changes(*repository, runs.get());
        INFO((indexed ? std::string() : indexed.error().message));
        REQUIRE(indexed);
        return *indexed;
    }
    std::vector<std::string> versions(const std::string& id)
    {
        std::vector<std::string> ids;
        for (const ChangeVersion& version : ChangeIndex::open(runs.get()).value().versions(id))
            ids.push_back(git::to_string(version.commit));
        return ids;
    }

    std::optional<git::Repository> repository;
    UniqueFd runs;
    std::string base;

private:
    int m_count = 0;
};

using Ids = std::vector<std::string>;

} // namespace

TEST_CASE("all versions of a change are found in the order of the pushes")
{
    Forge forge;
    CHECK(ChangeIndex::open(forge.runs.get()).error().kind == ErrorKind::not_found);
    std::string one = forge.version("change-id " + first_change + "\n", "one");
    std::string two = forge.version("change-id " + first_change + "\n", "two");
    std::string other = forge.version("change-id " + second_change + "\n", "other");
    forge.push("refs/heads/topic", two); // the newer object first: the push log says what came first
    forge.push("refs/heads/topic", one);
    forge.push("refs/heads/other", other);
    CHECK(forge.index().is_anew);
    CHECK(forge.versions(first_change) == Ids{two, one});
    CHECK(forge.versions(second_change) == Ids{other});
    CHECK(forge.versions(third_change).empty());
    ChangeIndex index = ChangeIndex::open(forge.runs.get()).value();
    ChangeVersion version = index.versions(second_change)[0];
    CHECK(version.ref == "refs/heads/other");
    CHECK(version.pusher == "al ice"); // a tab would be another field
    CHECK(version.pushed_at > 0);
    // Prefixes: these two differ in their last letter.
    CHECK(index.prefix_length(first_change) == 32);
    CHECK(index.prefix_length(second_change) == 32);
    CHECK(index.prefix_length(third_change) == 1); // one that is not in it
    CHECK(index.find("k", 10) == Ids{first_change, second_change});
    CHECK(index.find("k", 1) == Ids{first_change});
    CHECK(index.find(second_change, 10) == Ids{second_change});
    CHECK(index.find("x", 10).empty());

    // Further pushes are added; what is known is not read again.
    std::string third = forge.version("change-id " + first_change + "\n", "three");
    forge.push("refs/heads/topic", third);
    IndexedChanges added = forge.index();
    CHECK_FALSE(added.is_anew);
    CHECK(added.commits == 1);
    CHECK(forge.versions(first_change) == Ids{two, one, third});
    CHECK(forge.index().commits == 0);
    // Made anew it is the same.
    std::string before = sys::read_file(forge.runs.get(), "changes").value();
    REQUIRE(sys::unlink_at(forge.runs.get(), "changes"));
    CHECK(forge.index().is_anew);
    CHECK(forge.versions(first_change) == Ids{two, one, third});
    CHECK(sys::read_file(forge.runs.get(), "changes").value() == before);
}

TEST_CASE("a trailer names the change before the header does")
{
    Forge forge;
    std::string header = "change-id " + first_change + "\n";
    forge.push("refs/heads/a", forge.version(header, "a\n\nChange-Id: " + gerrit));
    forge.push("refs/heads/b", forge.version(header, "b\n\nsaid\n\nChange-Id: nothing\nSigned-off-by: x"));
    forge.push("refs/heads/c",
               forge.version("", "c\n\nchange-id: " + gerrit + "\nChange-ID:" + third_change + "\n\n\n"));
    forge.push("refs/heads/d", forge.version("", "Change-Id: " + gerrit));           // a subject is no trailer
    forge.push("refs/heads/e", forge.version("change-id <b>x</b>\n", "no id\n\nx")); // nor is that an id
    forge.push("refs/heads/f", forge.version("change-id abc\n", "no id"));
    forge.index();
    CHECK(forge.versions(gerrit).size() == 1);
    CHECK(forge.versions(first_change).size() == 1);
    CHECK(forge.versions(third_change).size() == 1);
    CHECK(ChangeIndex::open(forge.runs.get()).value().find("", 10).size() == 3);
}

TEST_CASE("what the push log does not tell is found by the refs, and a log that was replaced is read again")
{
    Forge forge;
    std::string one = forge.version("change-id " + first_change + "\n", "one");
    forge.git_text({"update-ref", "refs/heads/imported", one});
    forge.index();
    CHECK(forge.versions(first_change) == Ids{one});
    CHECK(ChangeIndex::open(forge.runs.get()).value().versions(first_change)[0].pushed_at == 0);
    std::string two = forge.version("change-id " + first_change + "\n", "two");
    forge.push("refs/heads/x", two);
    CHECK_FALSE(forge.index().is_anew);
    REQUIRE(sys::unlink_at(forge.fd(), "quire/pushes.jsonl"));
    forge.push("refs/heads/y", forge.version("", "three"));
    CHECK(forge.index().is_anew);
    CHECK(forge.versions(first_change).size() == 2);
    // Lines that are no entries, and ids of nothing, are passed over.
    REQUIRE(sys::append_file(forge.fd(), "quire/pushes.jsonl", "not an entry\n{\"at\":\"x\"}\n"));
    forge.push("refs/notes/commits", two);
    CHECK(forge.index().commits == 0);
}

TEST_CASE("a damaged index is none")
{
    Forge forge;
    forge.push("refs/heads/x", forge.version("change-id " + first_change + "\n", "one"));
    forge.index();
    std::string whole = sys::read_file(forge.runs.get(), "changes").value();
    for (size_t size : {size_t{0}, size_t{5}, whole.size() / 2, whole.size() - 1}) {
        REQUIRE(sys::replace_file_unsynced(forge.runs.get(), "changes", whole.substr(0, size)));
        CHECK(ChangeIndex::open(forge.runs.get()).error().kind == ErrorKind::not_found);
    }
    REQUIRE(sys::replace_file_unsynced(forge.runs.get(), "changes", std::string(whole.size(), '\0')));
    CHECK(ChangeIndex::open(forge.runs.get()).error().kind == ErrorKind::not_found);
    CHECK(forge.index().is_anew);
    CHECK(forge.versions(first_change).size() == 1);
}
