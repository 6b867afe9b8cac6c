#include "web/keep/turns.h"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <thread>

using namespace quire;
using web::Turns;

TEST_CASE("turns: who waits for one and stands still keeps nobody from another")
{
    Turns turns;
    auto first = turns.take("page", Patience());
    REQUIRE(first);
    std::promise<void> asked, go_on;
    std::thread crawler([&] {
        bool is_first_time = true;
        Patience patience(INT64_MAX, [&] { // is called where the thread would stand still
            if (std::exchange(is_first_time, false)) {
                asked.set_value();
                go_on.get_future().wait();
            }
            return false;
        });
        (void)turns.take("page", patience);
    });
    asked.get_future().wait();
    CHECK(turns.take("another page", Patience()));
    CHECK(turns.waiting() == 1);
    first.reset(); // the turn ends, too
    CHECK(turns.take("page", Patience()));
    go_on.set_value();
    crawler.join();
    CHECK(turns.waiting() == 0);
}
