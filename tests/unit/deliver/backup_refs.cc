// What a backup keeps of pushes that move refs while it reads them.
#include <catch2/catch_test_macros.hpp>

#include "deliver/backup_refs.h"

using namespace quire;
using namespace quire::deliver;

static const std::string none(40, '0');
static const std::string a(40, 'a');
static const std::string b(40, 'b');
static const std::string c(40, 'c');

TEST_CASE("refs that a push has moved already go back to where they were")
{
    Refs refs{{"refs/heads/left", b}, {"refs/heads/right", a}, {"refs/heads/other", c}};
    CHECK(put_back_halves(refs, {{1, {{a, b, "refs/heads/left"}, {a, b, "refs/heads/right"}}}}));
    CHECK(refs == Refs{{"refs/heads/left", a}, {"refs/heads/right", a}, {"refs/heads/other", c}});
}

TEST_CASE("a push that has moved all its refs, or none, is left as it is")
{
    std::vector<PushUnderWay> pushes{{1, {{a, b, "refs/heads/left"}, {none, b, "refs/heads/right"}}}};
    for (const Refs& refs : {Refs{{"refs/heads/left", b}, {"refs/heads/right", b}}, Refs{{"refs/heads/left", a}}}) {
        Refs now = refs;
        CHECK_FALSE(put_back_halves(now, pushes));
        CHECK(now == refs);
    }
}

TEST_CASE("a new ref of half a push is gone again, and a deleted one is back")
{
    Refs made{{"refs/heads/new", b}, {"refs/heads/main", a}};
    CHECK(put_back_halves(made, {{1, {{none, b, "refs/heads/new"}, {a, b, "refs/heads/main"}}}}));
    CHECK(made == Refs{{"refs/heads/main", a}});
    Refs deleted{{"refs/heads/main", a}};
    CHECK(put_back_halves(deleted, {{1, {{b, none, "refs/heads/old"}, {a, b, "refs/heads/main"}}}}));
    CHECK(deleted == Refs{{"refs/heads/main", a}, {"refs/heads/old", b}});
}

TEST_CASE("of pushes that follow each other, the last goes back first")
{
    PushUnderWay first{1, {{a, b, "refs/heads/left"}, {a, b, "refs/heads/right"}}};
    PushUnderWay second{2, {{b, c, "refs/heads/left"}, {b, c, "refs/heads/right"}}};
    for (const auto& pushes : {std::vector{first, second}, std::vector{second, first}}) {
        Refs refs{{"refs/heads/left", c}, {"refs/heads/right", a}};
        CHECK(put_back_halves(refs, pushes));
        CHECK(refs == Refs{{"refs/heads/left", a}, {"refs/heads/right", a}});
    }
    Refs between{{"refs/heads/left", c}, {"refs/heads/right", b}};
    CHECK(put_back_halves(between, {first, second}));
    CHECK(between == Refs{{"refs/heads/left", b}, {"refs/heads/right", b}});
}

TEST_CASE("a ref that is sent as it is does not make a push a half")
{
    Refs refs{{"refs/heads/left", a}, {"refs/heads/right", a}};
    CHECK_FALSE(put_back_halves(refs, {{1, {{a, a, "refs/heads/left"}, {a, b, "refs/heads/right"}}}}));
}
