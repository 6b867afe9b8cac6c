#include "text/json.h"

#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "support/random_data.h"

using namespace quire;
using namespace quire::text;

static Data read(std::string_view source)
{
    auto data = read_json(source, "t.json");
    INFO(source);
    if (!data)
        FAIL(data.error().message);
    return std::move(data).value();
}

TEST_CASE("read_json reads every kind of value")
{
    CHECK(read(R"( {"a": 1, "b": [true, false, null, -0.5, "x"], "c": {}} )") ==
          Data(Data::Table{{"a", 1}, {"b", Data::Sequence{true, false, Data(), -0.5, "x"}}, {"c", Data::Table()}}));
    CHECK(read("\"\"") == Data(""));
    CHECK(read("[]") == Data(Data::Sequence()));
    CHECK(read("\"a\\u0000\\n\\/\\ud83c\\udf89\"") == Data(std::string("a\0\n/\xf0\x9f\x8e\x89", 8)));
}

TEST_CASE("numbers keep all that 64 bits can hold")
{
    CHECK(read("9223372036854775807") == Data(INT64_MAX));
    CHECK(read("-9223372036854775808") == Data(INT64_MIN));
    CHECK(read("9223372036854775808") == Data(9223372036854775808.0));
    CHECK(read("18446744073709551616") == Data(18446744073709551616.0));
    CHECK(read("1.0") == Data(1.0));
    CHECK(read("1e2") == Data(100.0));
    CHECK(read("0.1") == Data(0.1));
    CHECK(read("2.2250738585072011e-308") == Data(2.2250738585072011e-308));
    CHECK(read("5e-324") == Data(5e-324));
    CHECK(read("1e-999") == Data(0.0));
    CHECK(std::signbit(*read("-0").number()));
}

TEST_CASE("what is not JSON is refused, with its place")
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", "t.json:1:1: "},
        {"  ", "t.json:1:3: "},
        {"{", "t.json:1:2: "},
        {"[1,]", "t.json:1:4: "},
        {"[1 2]", "t.json:1:4: "},
        {"{\"a\":1,}", "t.json:1:8: "},
        {"{a:1}", "t.json:1:2: "},
        {"{'a':1}", "t.json:1:2: "},
        {"{\"a\" 1}", "t.json:1:6: "},
        {"{1:2}", "t.json:1:2: "},
        {"[1]\n[2]", "t.json:2:1: "},
        {"{}\n x", "t.json:2:2: "},
        {"// x\n1", "t.json:1:1: "},
        {"nul", "t.json:1:"},
        {"True", "t.json:1:1: "},
        {"NaN", "t.json:1:1: "},
        {"Infinity", "t.json:1:1: "},
        {"-", "t.json:1:"},
        {"+1", "t.json:1:1: "},
        {"01", "t.json:1:"},
        {".5", "t.json:1:1: "},
        {"1.", "t.json:1:"},
        {"1e", "t.json:1:"},
        {"0x10", "t.json:1:"},
        {"1e999", "number too big"},
        {"-1e999", "number too big"},
        {"\"a", "t.json:1:"},
        {"\"\\x\"", "t.json:1:"},
        {"\"\\u12\"", "t.json:1:"},
        {"\"a\nb\"", "t.json:1:"},
        {"\"\\ud800\"", "t.json:1:"},
        {"\"\\ud800x\"", "t.json:1:"},
        {"\"\\udc00\"", "half of a surrogate pair"},
        {"{\"\\udc00\":1}", "half of a surrogate pair"},
        {"\"\xff\"", "t.json:1:2: a byte that is not UTF-8"},
        {"[\n \"\xc0\xaf\"", "t.json:2:3: a byte that is not UTF-8"},
        {std::string_view("1\0", 2), "t.json:1:2: a byte that is not UTF-8"},
        {std::string_view("{}\0x", 4), "t.json:1:3: a byte that is not UTF-8"},
        {"\xef\xbb\xbf{}", "t.json:1:1: "},
        {"{\"a\":1,\"b\":2,\"a\":3}", "the key \"a\" twice"},
        {"{\"a\":1,\"\\u0061\":3}", "the key \"a\" twice"},
        {"[[{\"x\":{},\"x\":{}}]]", "the key \"x\" twice"},
        {"]", "t.json:1:1: "},
        {"[}", "t.json:1:2: "},
    };
    for (const auto& [source, message] : cases) {
        INFO(source);
        auto data = read_json(source, "t.json");
        REQUIRE_FALSE(data);
        CHECK(data.error().kind == ErrorKind::invalid);
        CHECK(data.error().message.find(message) != std::string::npos);
        CHECK(data.error().message.starts_with("t.json:"));
    }
}

TEST_CASE("depth and size are bounded")
{
    std::string deep(max_json_depth, '[');
    CHECK(read_json(deep + std::string(max_json_depth, ']'), "t.json"));
    auto deeper = read_json("[" + deep + std::string(max_json_depth + 1, ']'), "t.json");
    REQUIRE_FALSE(deeper);
    CHECK(deeper.error().message.find("deeper than 64") != std::string::npos);
    CHECK_FALSE(read_json(std::string(5'000'000, '['), "t.json"));
    CHECK_FALSE(read_json(std::string(max_json_bytes + 1, ' '), "t.json"));
}

TEST_CASE("a wide object is read without comparing every key with every other")
{
    std::string source = "{";
    for (int i = 0; i < 200'000; ++i)
        source += fmt::format("\"key{}\":{},", i, i);
    source.back() = '}';
    CHECK(read(source).table()->size() == 200'000);
}

TEST_CASE("write_json is compact, and safe to put into a line or a script")
{
    CHECK(write_json(Data(Data::Table{{"a", 1}, {"b", Data::Sequence{true, Data(), 0.5, 1.0}}})) ==
          R"({"a":1,"b":[true,null,0.5,1.0]})");
    CHECK(write_json(Data(Data::Table{{"k", Keyword{"queued"}}})) == R"({"k":"queued"})");
    CHECK(write_json("a\n\"\\\x01\x1b") == "\"a\\n\\\"\\\\\\u0001\\u001B\"");
    CHECK(write_json("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa") == "\"\\u2028\\u2029\xe2\x80\xaa\"");
    CHECK(write_json("a\xff") == "\"a\xef\xbf\xbd\"");
    CHECK(write_json(Data(Data::Table{{"\xff", 1}})) == "{\"\xef\xbf\xbd\":1}");
    CHECK(write_json(HUGE_VAL) == "null");
    CHECK(write_json(std::nan("")) == "null");
    CHECK(write_json(Data()) == "null");
    CHECK(write_json(INT64_MIN) == "-9223372036854775808");
}

/// The value as JSON can say it: strings in UTF-8, and no key twice on that account.
static void make_sayable(Data& data, bool& clash)
{
    if (data.string())
        data = Data(*read(write_json(data)).string());
    if (Data::Sequence* values = data.sequence())
        for (Data& value : *values)
            make_sayable(value, clash);
    if (Data::Table* entries = data.table()) {
        for (auto& [key, value] : *entries) {
            key = *read(write_json(Data(key))).string();
            make_sayable(value, clash);
        }
        clash = clash || find_duplicate_key(*entries);
    }
}

TEST_CASE("any value comes back from its JSON")
{
    tests::Random random(5);
    for (int i = 0; i < 3000; ++i) {
        Data data = tests::random_data(random);
        bool clash = false;
        make_sayable(data, clash);
        if (clash)
            continue;
        std::string text = write_json(data);
        INFO(text);
        REQUIRE(read(text) == data);
        REQUIRE(text.find('\n') == std::string::npos);
    }
}
