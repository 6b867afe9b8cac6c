#include "runner/succession.h"

#include "support/scratch_root.h"

using namespace quire;

static const std::string none(40, '0');
static std::string id(char c) { return std::string(40, c); }

static store::RunRecord push(uint64_t number, const std::string& from, const std::string& to)
{
    return {.repo = tests::repo("foo"),
            .number = number,
            .source = "push",
            .ref = "refs/heads/main",
            .sha = to,
            .previous_sha = from == none ? "" : from};
}

static std::map<uint64_t, uint64_t> superseded(const std::vector<git::ReflogEntry>& reflog,
                                               const std::vector<store::RunRecord>& runs)
{
    std::vector<const store::RunRecord*> all;
    for (const store::RunRecord& run : runs)
        all.push_back(&run);
    return runner::find_superseded(reflog, all);
}

using Map = std::map<uint64_t, uint64_t>;

TEST_CASE("the newest push by the reflog supersedes all others, whatever the numbers say")
{
    std::vector<git::ReflogEntry> reflog{{none, id('a'), 1}, {id('a'), id('b'), 2}, {id('b'), id('c'), 3}};
    auto a = push(1, none, id('a')), b = push(2, id('a'), id('b')), c = push(3, id('b'), id('c'));
    CHECK(superseded(reflog, {a, b, c}) == Map{{1, 3}, {2, 3}});
    // The hooks finished out of order: the tip's run was recorded first.
    c.number = 1, a.number = 3;
    CHECK(superseded(reflog, {a, b, c}) == Map{{2, 1}, {3, 1}});
    CHECK(superseded(reflog, {a, b}) == Map{{3, 2}});
    CHECK(superseded(reflog, {c}).empty());
    CHECK(superseded(reflog, {}).empty());
}

TEST_CASE("a branch that goes to and fro has a run for each time")
{
    std::vector<git::ReflogEntry> reflog{
        {none, id('a'), 1}, {id('a'), id('b'), 2}, {id('b'), id('a'), 3}, {id('a'), id('b'), 4}};
    CHECK(superseded(reflog, {push(2, id('a'), id('b')), push(3, id('b'), id('a')), push(4, id('a'), id('b'))}) ==
          Map{{2, 4}, {3, 4}});
    // Of two that look the same, the later number belongs to the later entry.
    CHECK(superseded(reflog, {push(3, id('b'), id('a')), push(4, id('a'), id('b'))}) == Map{{3, 4}});
}

TEST_CASE("what the reflog does not know neither supersedes nor is superseded")
{
    std::vector<git::ReflogEntry> reflog{{none, id('a'), 1}, {id('a'), id('b'), 2}};
    CHECK(superseded(reflog, {push(1, none, id('a')), push(2, id('x'), id('y'))}).empty());
    CHECK(superseded({}, {push(1, none, id('a')), push(2, id('a'), id('b'))}).empty());
}

TEST_CASE("only pushes to branches can be superseded")
{
    store::RunRecord run = push(1, none, id('a'));
    CHECK(runner::can_be_superseded(run));
    run.ref = "refs/tags/main";
    CHECK_FALSE(runner::can_be_superseded(run));
    run = push(1, none, id('a'));
    run.reran = 7;
    CHECK_FALSE(runner::can_be_superseded(run));
    for (const char* source : {"cron", "manual"}) {
        run = push(1, none, id('a'));
        run.source = source;
        CHECK_FALSE(runner::can_be_superseded(run));
    }
}
