#include "text/json.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

TEST_CASE("JSON goes through Data and back")
{
    std::string text = R"({"a":1,"b":[true,null,-0.5,9223372036854775807,9.223372036854775807e18],"c":"\u2028é"})";
    auto data = read_json(text, "t.json");
    REQUIRE(data);
    CHECK(data->find("b")->sequence()->at(3) == Data(INT64_MAX));
    CHECK(write_json(*data) == R"({"a":1,"b":[true,null,-0.5,9223372036854775807,9223372036854776000.0],"c":"\u2028é"})");
}
