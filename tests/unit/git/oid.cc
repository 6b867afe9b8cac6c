#include <catch2/catch_test_macros.hpp>

#include "git/repository.h"

using namespace quire;

TEST_CASE("oid: 40 digits in small letters, there and back, and nothing else")
{
    std::string text = "0123456789abcdef0123456789abcdefffff00aa";
    auto id = git::parse_oid(text);
    REQUIRE(id);
    CHECK(git::to_string(*id) == text);
    CHECK_FALSE(git::parse_oid(""));
    CHECK_FALSE(git::parse_oid(text + "0"));
    CHECK_FALSE(git::parse_oid(text.substr(1)));
    for (size_t at : {0, 1, 20, 39})
        for (char c : {'g', 'A', '/', ':', '`', ' ', '\0', '\xff'}) {
            std::string wrong = text;
            wrong[at] = c;
            CHECK_FALSE(git::parse_oid(wrong));
        }
}
