#include "text/data.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

TEST_CASE("a table finds, replaces and removes by key and keeps its order")
{
    Data data;
    data.set("b", 1);
    data.set("a", "x");
    data.set("b", true);
    REQUIRE(data.table()->size() == 2);
    CHECK(data.table()->front().first == "b");
    CHECK(*data.find("b")->boolean());
    CHECK(data.find("c") == nullptr);
    CHECK(data.remove("b"));
    CHECK_FALSE(data.remove("b"));
    CHECK(Data(3).find("b") == nullptr);
}

TEST_CASE("the typed look-ups fall back on another type")
{
    Data data(Data::Table{{"name", "x"}, {"count", 3}, {"flag", true}, {"rate", 0.5}});
    CHECK(data.string_or("name", "-") == "x");
    CHECK(data.string_or("count", "-") == "-");
    CHECK(data.integer_or("count", 7) == 3);
    CHECK(data.integer_or("rate", 7) == 7);
    CHECK(data.boolean_or("flag", false));
    CHECK_FALSE(data.boolean_or("name", false));
    CHECK(Data().integer_or("count", 7) == 7);
}

TEST_CASE("equality looks at values, not at order, place or spelling")
{
    Data a(Data::Table{{"x", 1}, {"y", Data::Sequence{1, "two"}}});
    Data b(Data::Table{{"y", Data::Sequence{1, Keyword{"two"}}}, {"x", 1}});
    b.position = {3, 4};
    CHECK(a == b);
    b.set("x", 1.0);
    CHECK(a != b);
    CHECK(Data(Data::Table{}) != Data(Data::Sequence{}));
    CHECK(Data(Data::Table{{"x", 1}}) != Data(Data::Table{{"x", 1}, {"y", 1}}));
    CHECK(Data(Data::Sequence{1, 2}) != Data(Data::Sequence{2, 1}));
    CHECK(Data(true) != Data(1));
}

TEST_CASE("every integer type is an integer and nothing else becomes a boolean")
{
    CHECK(Data(size_t{3}).kind() == Data::Kind::integer);
    CHECK(Data(uint16_t{3}).kind() == Data::Kind::integer);
    CHECK(Data(true).kind() == Data::Kind::boolean);
    CHECK(Data("x").kind() == Data::Kind::string);
    CHECK_FALSE(std::is_constructible_v<Data, void*>);
}

TEST_CASE("a second key is found, and it is the later one")
{
    CHECK_FALSE(find_duplicate_key({{"a", 1}, {"b", 1}}));
    CHECK(find_duplicate_key({{"a", 1}, {"b", 1}, {"a", 2}}) == 2u);
}
