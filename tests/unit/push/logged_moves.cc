#include "push/logged_moves.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "sys/thread.h"

using namespace quire;

namespace {

constexpr Instant second = nanoseconds_per_second;
constexpr Instant began = 1000 * second;
const std::string a(40, 'a'), b(40, 'b'), c(40, 'c');

store::PushLogEntry entry(Instant at, const std::string& push, const std::string& old_id, const std::string& new_id)
{
    return {.at = at, .push_id = push, .pusher = "alice", .ref = "refs/heads/main", .old_id = old_id, .new_id = new_id};
}

push::LoggedMoves moves_of(const std::vector<store::PushLogEntry>& log)
{
    return {log, {.id = "cut", .repo = *store::RepoName::parse("work"), .pusher = "alice", .at = began, .updates = {}}};
}

const store::RefUpdate update{a, b, "refs/heads/main"}, elsewhere{a, b, "refs/heads/other"};

/// What it costs to ask about every ref of a push of so many, each of which the log has, too.
int64_t cost_of(size_t count)
{
    std::vector<store::PushLogEntry> log;
    std::vector<store::RefUpdate> updates;
    for (size_t i = 0; i < count; ++i) {
        updates.push_back({a, b, fmt::format("refs/tags/release-{:06}", i)});
        log.push_back(entry(began, "another", b, c));
        log.back().ref = updates.back().ref;
    }
    int64_t begin = sys::thread_cost();
    push::LoggedMoves logged = moves_of(log);
    size_t found = 0;
    for (const store::RefUpdate& one : updates)
        found += logged.later_began_at(one) && !logged.another_moved(one) && !logged.has(one);
    CHECK(found == count);
    return sys::thread_cost() - begin;
}

} // namespace

TEST_CASE("a push knows what it recorded itself")
{
    auto logged = moves_of({entry(began, "cut", a, b)});
    CHECK(logged.has(update));
    CHECK_FALSE(logged.has(elsewhere));
    CHECK_FALSE(logged.another_moved(update));
    CHECK_FALSE(moves_of({entry(began, "another", a, b)}).has(update));
}

TEST_CASE("a later push tells where it found the ref, an earlier one does not")
{
    CHECK(moves_of({entry(began, "later", b, c)}).later_began_at(update));
    CHECK_FALSE(moves_of({entry(began, "later", b, c)}).later_began_at(elsewhere));
    CHECK_FALSE(moves_of({entry(began, "later", c, a)}).later_began_at(update));
    CHECK_FALSE(moves_of({entry(began - 1, "earlier", b, c)}).later_began_at(update));
}

TEST_CASE("another push moved the ref there, if it did not long before")
{
    CHECK(moves_of({entry(began, "another", c, b)}).another_moved(update));
    CHECK(moves_of({entry(began - push::reflog_slack, "another", c, b)}).another_moved(update));
    CHECK_FALSE(moves_of({entry(began - push::reflog_slack - 1, "another", c, b)}).another_moved(update));
    CHECK_FALSE(moves_of({entry(began, "another", c, b)}).another_moved(elsewhere));
    CHECK_FALSE(moves_of({entry(began, "another", b, c)}).another_moved(update));
}

TEST_CASE("eight times as many refs don't cost sixty-four times as much")
{
    int64_t few = cost_of(2'000);
    for (int i = 0; i < 4; ++i)
        few = std::max(few, cost_of(2'000));
    CHECK(cost_of(16'000) < 30 * few);
}
