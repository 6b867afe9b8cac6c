#include "web/site/ledger.h"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::web;

constexpr int64_t second = nanoseconds_per_second;

TEST_CASE("ledger: a network is what one provider gives to one customer")
{
    CHECK(network_of("203.0.113.7") == "203.0.113.0/24");
    CHECK(network_of("2001:db8:1:2::") == "2001:db8:1::/48");
    CHECK(network_of("2001:db8::") == "2001:db8::/48");
    CHECK(network_of("::") == "::/48");
    CHECK(network_of("") == "");
}

TEST_CASE("ledger: what was spent is a debt of the address and, in part, of its network, until it is forgiven")
{
    Ledger ledger({"home"});
    ledger.enter({.address = "203.0.113.7", .cost = 8 * second});
    Instant now = monotonic_now();
    int64_t own = ledger.debt_of("203.0.113.7", now);
    CHECK((own > 7 * second && own <= 8 * second));
    CHECK(ledger.debt_of("203.0.113.200", now) == own / 4);
    CHECK(ledger.debt_of("203.0.114.7", now) == 0);
    CHECK(ledger.debt_of("", now) == 0);
    int64_t later = ledger.debt_of("203.0.113.7", now + 60 * second);
    CHECK((later > own - 4 * second && later < own - 2 * second));
    CHECK(ledger.debt_of("203.0.113.7", now + 1000 * second) == 0);
    ledger.enter({.is_anonymous = false, .address = "198.51.100.1", .cost = 100 * second});
    CHECK(ledger.debt_of("198.51.100.1", now) == 0);
    CHECK(Ledger::seconds_to_pay(0) == 3);
    CHECK(Ledger::seconds_to_pay(second) == 20);
    CHECK(Ledger::seconds_to_pay(100 * second) == 120);
}

TEST_CASE("ledger: ever new addresses are forgotten before those that owe much")
{
    Ledger ledger({"home"});
    ledger.enter({.address = "203.0.113.7", .cost = 8 * second});
    for (int i = 0; i < 30'000; ++i)
        ledger.enter({.address = fmt::format("10.{}.{}.1", i / 200, i % 200), .cost = 1000});
    CHECK(ledger.debt_of("203.0.113.7") > 4 * second);
}

TEST_CASE("ledger: metrics")
{
    Ledger ledger({"home", "blame"});
    ledger.enter({.kind = 1, .address = "203.0.113.7", .cost = second / 4});
    ledger.enter({.kind = 1, .address = "203.0.113.7", .answer = Ledger::Answer::refused});
    ledger.enter({.kind = 0, .is_anonymous = false, .answer = Ledger::Answer::kept});
    ledger.enter({.kind = 99});
    std::string text = ledger.metrics();
    for (const char* line : {"quire_answers_total{reader=\"anonymous\",page=\"blame\",answer=\"made\"} 1\n",
                             "quire_answers_total{reader=\"anonymous\",page=\"blame\",answer=\"refused\"} 1\n",
                             "quire_answers_total{reader=\"owner\",page=\"home\",answer=\"kept\"} 1\n",
                             "quire_answers_total{reader=\"anonymous\",page=\"other\",answer=\"made\"} 1\n",
                             "quire_cost_seconds_total{reader=\"anonymous\",page=\"blame\"} 0.250000\n",
                             "quire_debt_seconds{network=\"203.0.113.0/24\"} 0.2", "\n# EOF\n"})
        CHECK(text.find(line) != std::string::npos);
    CHECK(text.ends_with("# EOF\n"));
}
