#include "forge/retention.h"

#include <algorithm>

#include "git/git.h"
#include "store/create_run.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/lock.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::forge;
using store::RunState;
using tests::repo;

constexpr int64_t day = 24 * 3600 * nanoseconds_per_second;
constexpr Instant today = Instant{20'000} * day;

namespace {

class Runs : public tests::ScratchRoot {
public:
    Runs()
    {
        REQUIRE(sys::make_directories(root.fd(), "repos/foo.git").has_value());
        REQUIRE(sys::make_directories(root.fd(), "runs/foo.git").has_value());
        REQUIRE(git::run_ok(foo().get(), {"init", "--bare", "-q", "."}).has_value());
        std::string tree =
            git::run_ok(foo().get(), {"hash-object", "-t", "tree", "-w", "--stdin"}).value().substr(0, 40);
        m_commit =
            git::run_ok(foo().get(), {"-c", "user.name=t", "-c", "user.email=t@t", "commit-tree", "-m", "x", tree})
                .value()
                .substr(0, 40);
        branch("main");
    }

    UniqueFd foo() { return root.open_repository(repo("foo")).value(); }
    void branch(const std::string& name)
    {
        REQUIRE(git::run_ok(foo().get(), {"update-ref", "refs/heads/" + name, m_commit}).has_value());
    }
    void delete_branch(const std::string& name)
    {
        REQUIRE(git::run_ok(foo().get(), {"update-ref", "-d", "refs/heads/" + name}).has_value());
    }

    void write(uint64_t number, RunState state, int64_t days_old, const std::string& name = "main", uint64_t reran = 0)
    {
        std::string path = store::paths::run(repo("foo"), number);
        REQUIRE(sys::make_directories(root.fd(), path).has_value());
        UniqueFd run = sys::open_directory(root.fd(), path).value();
        store::RunRecord record{.repo = repo("foo"),
                                .number = number,
                                .state = state,
                                .source = "push",
                                .reran = reran,
                                .ref = "refs/heads/" + name,
                                .queued_at = today - days_old * day};
        REQUIRE(sys::replace_file(run.get(), "meta.fnl", text::write_fnl(to_data(record))).has_value());
        REQUIRE(sys::append_file(root.fd(), "runs/foo.git/next", "").has_value());
        UniqueFd runs = sys::open_directory(root.fd(), "runs/foo.git").value();
        REQUIRE(sys::replace_file(runs.get(), "next", fmt::format("{}\n", m_next = std::max(m_next, number + 1)))
                    .has_value());
    }

    void artifacts(uint64_t number, size_t bytes)
    {
        std::string path = store::paths::run(repo("foo"), number) + "/artifacts/build";
        REQUIRE(sys::make_directories(root.fd(), path).has_value());
        REQUIRE(sys::append_file(root.fd(), path + "/file", std::string(bytes, 'x')).has_value());
    }

    void enqueue(uint64_t number)
    {
        auto record = store::read_run_record(root, repo("foo"), number);
        REQUIRE(store::ensure_queued(root, *record).has_value());
    }

    /// The numbers that went, artifacts as negative ones.
    std::vector<int64_t> prune(RetentionPolicy policy = {.runs = 2, .age = 30 * day, .artifact_bytes = 1 << 20},
                               PruneMode mode = PruneMode::act)
    {
        auto pruned = prune_repository(root, repo("foo"), policy, mode, today);
        INFO((pruned ? "" : pruned.error().message));
        REQUIRE(pruned.has_value());
        std::vector<int64_t> numbers;
        for (const Pruned& one : *pruned) {
            auto number = static_cast<int64_t>(one.record.number);
            numbers.push_back(one.what == Pruned::What::run ? number : -number);
        }
        return numbers;
    }

    std::vector<uint64_t> left() { return store::newest_runs(root, repo("foo"), 1000).value(); }

private:
    std::string m_commit;
    uint64_t m_next = 1;
};

using Numbers = std::vector<int64_t>;
using Left = std::vector<uint64_t>;

} // namespace

TEST_CASE("the last runs stay however old, the young ones however many")
{
    Runs runs;
    for (uint64_t number = 1; number <= 6; ++number)
        runs.write(number, RunState::failed, 100 - static_cast<int64_t>(number));
    CHECK(runs.prune({.runs = 10, .age = 30 * day, .artifact_bytes = 1}) == Numbers{});
    CHECK(runs.prune({.runs = 2, .age = 97 * day, .artifact_bytes = 1}) == Numbers{1, 2, 3});
    CHECK(runs.prune() == Numbers{4});
    CHECK(runs.left() == Left{6, 5});
    CHECK(runs.prune() == Numbers{});
}

TEST_CASE("the last green run of every branch that exists stays")
{
    Runs runs;
    runs.branch("release");
    runs.write(1, RunState::succeeded, 90);
    runs.write(2, RunState::succeeded, 80, "release");
    runs.write(3, RunState::succeeded, 70);
    runs.write(4, RunState::succeeded, 60, "gone");
    runs.write(5, RunState::failed, 50);
    runs.write(6, RunState::failed, 40);
    runs.write(7, RunState::failed, 1);
    CHECK(runs.prune() == Numbers{1, 4, 5});
    CHECK(runs.left() == Left{7, 6, 3, 2});
    CHECK(runs.prune() == Numbers{});
    // One that is greener takes its place, and a branch may go.
    runs.write(8, RunState::succeeded, 0);
    CHECK(runs.prune() == Numbers{3, 6});
    runs.delete_branch("release");
    CHECK(runs.prune() == Numbers{2});
}

TEST_CASE("nothing that lives goes, nor what the queue names")
{
    Runs runs;
    runs.write(1, RunState::active, 90);
    runs.write(2, RunState::failed, 80);
    runs.write(3, RunState::failed, 70);
    runs.write(4, RunState::queued, 60);
    runs.write(5, RunState::failed, 2);
    runs.write(6, RunState::queued, 1, "main", 3);
    runs.enqueue(2); // the runner has written the end and not taken the entry away yet
    runs.enqueue(6);
    CHECK(runs.prune() == Numbers{});
    CHECK(runs.left() == Left{6, 5, 4, 3, 2, 1});
    // When they have ended they go like others.
    REQUIRE(sys::remove_tree(runs.root.fd(), "runs/.queue/new").has_value());
    REQUIRE(sys::make_directory(runs.root.fd(), "runs/.queue/new").has_value());
    runs.write(1, RunState::succeeded, 90);
    CHECK(runs.prune() == Numbers{2, 3});
    CHECK(runs.left() == Left{6, 5, 4, 1});
}

TEST_CASE("a dry run says the same and changes nothing")
{
    Runs runs;
    for (uint64_t number = 1; number <= 4; ++number)
        runs.write(number, RunState::failed, 90);
    runs.artifacts(4, 100);
    runs.artifacts(3, 100);
    RetentionPolicy policy{.runs = 2, .age = day, .artifact_bytes = 100};
    CHECK(runs.prune(policy, PruneMode::dry_run) == Numbers{1, 2, -3});
    CHECK(runs.left().size() == 4);
    CHECK(!sys::exists(runs.root.fd(), "runs/foo.git/retention.json"));
    CHECK(runs.prune(policy) == Numbers{1, 2, -3});
}

TEST_CASE("artifacts over the limit go, the oldest first; records and the newest run's stay")
{
    Runs runs;
    RetentionPolicy policy{.runs = 10, .age = 30 * day, .artifact_bytes = 2500};
    for (uint64_t number = 1; number <= 4; ++number) {
        runs.write(number, RunState::succeeded, 1);
        runs.artifacts(number, 1000);
    }
    CHECK(runs.prune(policy) == Numbers{-1, -2});
    CHECK(runs.left().size() == 4);
    CHECK(!sys::exists(runs.root.fd(), "runs/foo.git/2/artifacts"));
    CHECK(sys::exists(runs.root.fd(), "runs/foo.git/3/artifacts/build/file"));
    // Deleted by hand: what was remembered would be too much, and nothing goes for it.
    REQUIRE(sys::remove_tree(runs.root.fd(), "runs/foo.git/3/artifacts").has_value());
    runs.write(5, RunState::succeeded, 0);
    runs.artifacts(5, 1000);
    CHECK(runs.prune(policy) == Numbers{});
    runs.write(6, RunState::succeeded, 0);
    runs.artifacts(6, 5000);
    CHECK(runs.prune(policy) == Numbers{-4, -5});
    CHECK(sys::exists(runs.root.fd(), "runs/foo.git/6/artifacts/build/file"));
}

TEST_CASE("what goes lies in the trash until that is emptied, and stays readable for who has it open")
{
    Runs runs;
    for (uint64_t number = 1; number <= 3; ++number)
        runs.write(number, RunState::failed, 90);
    UniqueFd reading = sys::open_directory(runs.root.fd(), "runs/foo.git/1").value();
    CHECK(runs.prune() == Numbers{1});
    CHECK(store::read_run_record(reading.get(), repo("foo"), "1").has_value());
    CHECK(sys::list_directory(runs.root.fd(), "runs/.trash").value().size() == 1);
    REQUIRE(sys::make_directories(runs.root.fd(), "runs/.trash/left.by.one.that.died/jobs/x").has_value());
    CHECK(empty_run_trash(runs.root).has_value());
    CHECK(sys::list_directory(runs.root.fd(), "runs/.trash").value().empty());
}

TEST_CASE("a second pruner leaves it to the first")
{
    Runs runs;
    runs.write(1, RunState::failed, 90);
    auto lock = sys::FileLock::acquire(runs.root.fd(), "runs/foo.git/next"); // run numbers are another matter
    auto held = sys::FileLock::try_adopt(sys::open_directory(runs.root.fd(), "runs/foo.git").value(), "runs");
    REQUIRE(held->has_value());
    auto pruned = prune_repository(runs.root, repo("foo"), {.runs = 1, .age = day}, PruneMode::act, today);
    REQUIRE(!pruned);
    CHECK(pruned.error().kind == ErrorKind::busy);
}

TEST_CASE("a damaged memory costs a look at everything, not a run")
{
    Runs runs;
    runs.write(1, RunState::succeeded, 90);
    for (uint64_t number = 2; number <= 5; ++number)
        runs.write(number, RunState::failed, 80);
    CHECK(runs.prune() == Numbers{2, 3});
    UniqueFd directory = sys::open_directory(runs.root.fd(), "runs/foo.git").value();
    for (const char* damaged : {"", "{", "[]", "{\"from\":\"x\"}"}) {
        REQUIRE(sys::replace_file(directory.get(), "retention.json", damaged).has_value());
        CHECK(runs.prune() == Numbers{});
    }
    CHECK(runs.left() == Left{5, 4, 1});
}

TEST_CASE("a run whose record is damaged goes by the age of its directory")
{
    Runs runs;
    for (uint64_t number = 1; number <= 3; ++number)
        runs.write(number, RunState::failed, 90);
    UniqueFd run = sys::open_directory(runs.root.fd(), "runs/foo.git/1").value();
    REQUIRE(sys::replace_file(run.get(), "meta.fnl", "{:state").has_value());
    // "Today" lies in 2024: its directory is younger than that.
    CHECK(runs.prune() == Numbers{});
}
