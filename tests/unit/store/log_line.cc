#include "store/log_line.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace quire::store;

TEST_CASE("an entry of a log has its parts")
{
    auto line = parse_log_line("2026-11-21T11:34:37.123456789Z stdout F compiling F");
    REQUIRE(line);
    CHECK(line->at == "2026-11-21T11:34:37.123456789Z");
    CHECK(!line->is_error);
    CHECK(line->is_whole);
    CHECK(line->text == "compiling F");
    line = parse_log_line("2026-11-21T11:34:37.123456789Z stderr P  sure?");
    REQUIRE(line);
    CHECK(line->is_error);
    CHECK(!line->is_whole);
    CHECK(line->text == " sure?");
    CHECK(parse_log_line("2026-11-21T11:34:37.123456789Z stdout F ")->text.empty());
}

TEST_CASE("what was cut off is no entry")
{
    std::string whole = "2026-11-21T11:34:37.123456789Z stdout F ";
    for (size_t size = 0; size < whole.size(); ++size)
        CHECK(!parse_log_line(whole.substr(0, size)));
    CHECK(!parse_log_line("2026-11-21T11:34:37.123456789Z stdlog F x"));
    CHECK(!parse_log_line("2026-11-21T11:34:37.123456789Z stdout Q x"));
}
