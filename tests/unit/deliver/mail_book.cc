// Who gets how many letters, whatever breaks, and what a kill in between leaves.
#include "deliver/mail_book.h"

#include <catch2/catch_test_macros.hpp>

#include "text/fnl.h"

using namespace quire;
using namespace quire::deliver;

namespace {

constexpr Instant start = 1'795'659'170 * nanoseconds_per_second;
constexpr int64_t minute = 60 * nanoseconds_per_second;
const std::string alice = "alice@example.org", bob = "bob@example.org";

Event failure(const std::string& repo, uint64_t run, Instant at)
{
    return {.kind = "ci-failed", .repo = store::RepoName::parse(repo).value(), .run = run, .at = at};
}

struct Office {
    MailBook book;
    Instant at = start;
    int made = 0;
    struct Delivered {
        std::string to;
        Instant at;
        size_t events;
    };
    std::vector<Delivered> delivered;
    bool is_down = false;

    void add(const Event& event, const std::vector<std::string>& to = {alice}) { book.add(event.id(), event, to); }
    void make()
    {
        book.make_letters(at, [&](const std::string& to, const std::vector<Event>& events, size_t left_out) {
            return Letter{.to = to,
                          .id = std::to_string(++made),
                          .subject = std::to_string(events.size() + left_out),
                          .text = "",
                          .groups = {}};
        });
    }
    /// As an attempt of the task does it, through the disk each time.
    void work()
    {
        make();
        for (const std::string& id : book.due(at)) {
            book =
                MailBook::from_data(text::read_fnl(text::write_fnl(book.to_data()), "book", 64u << 20).value()).value();
            const Letter* letter = book.find(id);
            REQUIRE(letter);
            if (is_down) {
                book.failed(id, at, "connection refused");
                continue;
            }
            delivered.push_back({letter->to, at, std::stoul(letter->subject)});
            book.sent(id, at);
        }
    }
    size_t told() const
    {
        size_t count = 0;
        for (const Delivered& one : delivered)
            count += one.events;
        return count;
    }
    /// The most that one address got in any hour.
    size_t most_in_an_hour() const
    {
        size_t most = 0;
        for (const Delivered& first : delivered) {
            size_t count = 0;
            for (const Delivered& other : delivered)
                count += other.to == first.to && other.at >= first.at && other.at < first.at + 60 * minute;
            most = std::max(most, count);
        }
        return most;
    }
};

} // namespace

TEST_CASE("an event is one letter to each addressee")
{
    Office office;
    office.add(failure("foo", 1, office.at), {alice, bob});
    office.work();
    CHECK(office.delivered.size() == 2);
    CHECK(office.told() == 2);
    CHECK(office.book.next_due(office.at) == 0);
    office.work();
    CHECK(office.delivered.size() == 2);
}

TEST_CASE("2,500 failures at once are one letter, and tell how many they were")
{
    Office office;
    for (uint64_t run = 1; run <= 2500; ++run)
        office.add(failure("foo", run, office.at));
    office.work();
    CHECK(office.delivered.size() == 1);
    CHECK(office.told() == 2500);
}

TEST_CASE("300 repositories that break at once are one letter")
{
    Office office;
    for (int i = 0; i < 300; ++i)
        office.add(failure("r" + std::to_string(i), 1, office.at));
    office.work();
    CHECK(office.delivered.size() == 1);
    CHECK(office.told() == 300);
}

TEST_CASE("whatever breaks for a day, nobody gets more than a dozen an hour, and everything is told")
{
    Office office;
    size_t count = 0;
    for (int second = 0; second < 86400; second += 20) {
        office.at = start + second * nanoseconds_per_second;
        office.add(failure("r" + std::to_string(second / 20 % 40), ++count, office.at), {alice, bob});
        Instant due = office.book.next_due(office.at);
        if (due != 0 && due <= office.at)
            office.work();
    }
    CHECK(office.most_in_an_hour() <= most_an_hour);
    CHECK(office.delivered.size() >= 24); // it does go on telling
    office.at += 61 * minute;
    office.work();
    CHECK(office.told() == 2 * count);
    CHECK(office.book.next_due(office.at) == 0);
}

TEST_CASE("one repository that fails every minute does not use up what others may send")
{
    Office office;
    for (uint64_t run = 1; run <= 30; ++run) {
        office.at += minute;
        office.add(failure("flaky", run, office.at));
        office.work();
    }
    CHECK(office.delivered.size() == most_of_a_group);
    office.add(failure("other", 1, office.at));
    office.work();
    CHECK(office.delivered.size() == most_of_a_group + 1);
    Instant due = office.book.next_due(office.at);
    CHECK(due > office.at);
    CHECK(due <= start + 62 * minute);
    office.at = due;
    office.work();
    CHECK(office.told() == 31);
    CHECK(office.delivered.back().events == 30 - most_of_a_group);
}

TEST_CASE("while an address can't be reached nothing is lost, and what gathers becomes one letter")
{
    Office office;
    office.is_down = true;
    for (uint64_t run = 1; run <= 20; ++run) {
        office.add(failure("foo", run, office.at));
        office.work();
        office.at += minute;
    }
    CHECK(office.book.letters().size() == 1);
    CHECK(office.book.letters()[0].attempts > 1);
    CHECK(office.book.letters()[0].last_error == "connection refused");
    office.is_down = false;
    office.add(failure("bar", 1, office.at), {bob});
    office.book.hasten();
    office.work(); // the letter that waited, and bob's
    office.work(); // what had gathered behind it
    CHECK(office.told() == 21);
    CHECK(office.delivered.size() == 3);
}

TEST_CASE("a letter waits longer each time, never for an hour, and is given up after five days, which is told")
{
    Office office;
    office.is_down = true;
    office.add(failure("foo", 1, office.at));
    Instant before = 0;
    for (int i = 0; i < 400 && office.book.given_up().empty(); ++i) {
        office.work();
        if (office.book.letters().empty())
            break;
        Instant due = office.book.next_due(office.at);
        REQUIRE(due > office.at);
        CHECK(due - office.at >= before);
        CHECK(due - office.at < 60 * minute);
        before = due - office.at;
        office.at = due;
    }
    REQUIRE(office.book.given_up().size() == 1);
    CHECK(office.book.given_up()[0].reason == "connection refused");
    CHECK(office.at - start > letters_live);
    office.is_down = false;
    office.add(failure("foo", 2, office.at));
    office.work();
    CHECK(office.book.given_up().empty());
}

TEST_CASE("a notice that was seen is not told again, until it is gone")
{
    Office office;
    office.book.add("run-ended.foo.git@1", failure("foo", 1, start), {alice});
    CHECK(office.book.has_seen("run-ended.foo.git@1"));
    office.book.keep_seen({});
    CHECK_FALSE(office.book.has_seen("run-ended.foo.git@1"));
}

TEST_CASE("a book that is damaged is an error or empty, never a crash")
{
    for (const char* text : {"[1]", "\"x\"", "7"})
        CHECK_FALSE(MailBook::from_data(text::read_fnl(text, "book").value()));
    for (const char* text : {"{}", "{:pending [{:to \"a\nb\" :events [{}]}]}", "{:pending 7 :letters \"x\" :sent [[]]}",
                             "{:pending [{:to \"a@b\" :events [{:kind \"ci-failed\" :repo \"../x\"}]}]}"}) {
        auto book = MailBook::from_data(text::read_fnl(text, "book").value());
        REQUIRE(book);
        CHECK(book->pending() == 0);
    }
}
