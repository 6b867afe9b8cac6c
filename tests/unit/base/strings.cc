#include "base/strings.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using Views = std::vector<std::string_view>;

TEST_CASE("split keeps empty parts")
{
    CHECK(split("a,,b", ',') == Views{"a", "", "b"});
    CHECK(split("", ',') == Views{""});
    CHECK(split(",", ',') == Views{"", ""});
    CHECK(split("abc", ',') == Views{"abc"});
}

TEST_CASE("take_until takes the head and the separator off")
{
    std::string_view rest = "a:b:c";
    CHECK(take_until(rest, ':') == "a");
    CHECK(rest == "b:c");
    CHECK(take_until(rest, '/') == "b:c");
    CHECK(rest.empty());
    CHECK(take_until(rest, ':').empty());
}

TEST_CASE("trim takes blanks off both ends and nothing else")
{
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \n ").empty());
    CHECK(trim("").empty());
    CHECK(trim("\va") == "\va");
}

TEST_CASE("a prefix or suffix is taken off only where it is")
{
    std::string_view text = "refs/heads/main";
    CHECK(strip_prefix(text, "refs/heads/"));
    CHECK(text == "main");
    CHECK_FALSE(strip_prefix(text, "mainly"));
    CHECK_FALSE(strip_suffix(text, ".git"));
    CHECK(strip_suffix(text, "in"));
    CHECK(text == "ma");
}

TEST_CASE("parse_decimal takes digits and nothing else")
{
    CHECK(parse_decimal("0") == 0u);
    CHECK(parse_decimal("42") == 42u);
    CHECK(parse_decimal("18446744073709551615") == UINT64_MAX);
    for (std::string_view text : {"", "-1", "+1", "01", "00", " 1", "1 ", "1a", "0x1", "1.0", "18446744073709551616",
                                  "99999999999999999999999"}) {
        INFO(text);
        CHECK_FALSE(parse_decimal(text));
    }
}

TEST_CASE("parse_integer takes a sign and all of 64 bits")
{
    CHECK(parse_integer("-1") == -1);
    CHECK(parse_integer("9223372036854775807") == INT64_MAX);
    CHECK(parse_integer("-9223372036854775808") == INT64_MIN);
    for (std::string_view text : {"", "-", "+1", "--1", " 1", "1 ", "1.0", "1e3", "9223372036854775808"}) {
        INFO(text);
        CHECK_FALSE(parse_integer(text));
    }
}

TEST_CASE("parse_number takes finite decimals only")
{
    CHECK(parse_number("0.1") == 0.1);
    CHECK(parse_number("-1e-5") == -1e-5);
    CHECK(parse_number("1e308") == 1e308);
    CHECK(parse_number("4.9e-324") == 4.9e-324);
    CHECK(parse_number("1e-400") == 0.0);
    for (std::string_view text : {"", "+1", "inf", "-inf", "nan", "1e309", "-1e309", "1x", " 1", "0x1p3"}) {
        INFO(text);
        CHECK_FALSE(parse_number(text));
    }
}

TEST_CASE("hex goes both ways, and half a byte is none")
{
    CHECK(to_hex("\x01\xab\xff") == "01abff");
    CHECK(from_hex("01ABff") == "\x01\xab\xff");
    CHECK(from_hex("") == "");
    for (std::string_view text : {"0", "abc", "0g", "g0", "0x", " 1", "-1"}) {
        INFO(text);
        CHECK_FALSE(from_hex(text));
    }
}

TEST_CASE("UTF-8 is measured strictly")
{
    const std::pair<std::string_view, size_t> cases[] = {
        {"", 0},
        {"a", 1},
        {"\xc2\x80", 2},
        {"\xdf\xbf", 2},
        {"\xe0\xa0\x80", 3},
        {"\xed\x9f\xbf", 3},
        {"\xef\xbf\xbf", 3},
        {"\xf0\x90\x80\x80", 4},
        {"\xf4\x8f\xbf\xbf", 4},
        {"\x80", 0},
        {"\xbf", 0},
        {"\xc0\xaf", 0},
        {"\xc1\xbf", 0},
        {"\xc2", 0},
        {"\xc2"
         "a",
         0},
        {"\xe0\x9f\xbf", 0},
        {"\xed\xa0\x80", 0},
        {"\xe2\x82", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xf5\x80\x80\x80", 0},
        {"\xff", 0},
        {"\xfe", 0},
    };
    for (const auto& [text, length] : cases) {
        INFO(to_hex(text));
        CHECK(utf8_length(text) == length);
        CHECK(is_valid_utf8(text) == (length > 0 || text.empty()));
    }
}

TEST_CASE("encode_utf8 writes what utf8_length reads, and nothing for what is no character")
{
    for (char32_t c : {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xd7ffu, 0xe000u, 0xffffu, 0x10000u, 0x10ffffu}) {
        std::string text = encode_utf8(c);
        INFO(to_hex(text));
        CHECK(utf8_length(text) == text.size());
    }
    CHECK(encode_utf8(0x20ac) == "\xe2\x82\xac");
    for (char32_t c : {0xd800u, 0xdfffu, 0x110000u, 0xffffffffu})
        CHECK(encode_utf8(c).empty());
}

TEST_CASE("printable text has no controls and nothing that turns the writing")
{
    CHECK(is_printable_utf8("plain caf\xc3\xa9 \xf0\x9f\x8e\x89"));
    CHECK(is_printable_utf8(""));
    for (std::string_view text : {"a\n", "\t", "\x7f", "\x1b[", "\xc2\x85", "\xe2\x80\xae", "\xe2\x81\xa6",
                                  "\xe2\x80\xa8", "\xef\xbb\xbf", "\xff"}) {
        INFO(to_hex(text));
        CHECK_FALSE(is_printable_utf8(text));
    }
}

TEST_CASE("nearest finds a slip of the fingers and nothing further away")
{
    const std::vector<std::string> keys = {"host", "url", "secrets", "max-concurrent-runs"};
    CHECK(nearest("hots", keys) == "host");
    CHECK(nearest("hosts", keys) == "host");
    CHECK(nearest("ulr", keys) == "url");
    CHECK(nearest("secret", keys) == "secrets");
    CHECK(nearest("max-concurent-run", keys) == "max-concurrent-runs");
    CHECK_FALSE(nearest("zebra", keys));
    CHECK_FALSE(nearest("", keys));
    CHECK_FALSE(nearest("x", {}));
    CHECK_FALSE(nearest(std::string(101, 'h'), keys));
}
