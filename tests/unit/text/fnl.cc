#include "text/fnl.h"

#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "support/random_data.h"

using namespace quire;
using namespace quire::text;

static Data read(std::string_view source)
{
    auto result = read_fnl(source, "t.fnl");
    INFO(source);
    if (!result)
        FAIL(result.error().message);
    return std::move(result).value();
}

static std::string error_of(std::string_view source)
{
    auto result = read_fnl(source, "t.fnl");
    INFO(source);
    if (result)
        FAIL("was read as " << write_fnl(*result));
    return result.error().message;
}

TEST_CASE("read_fnl reads every kind of value")
{
    CHECK(read("{:a 1 :b [true false nil] \"c d\" -0.5 :e :f}") ==
          Data(Data::Table{{"a", 1}, {"b", Data::Sequence{true, false, Data()}}, {"c d", -0.5}, {"e", "f"}}));
    CHECK(read("nil").is_nil());
    CHECK(read("[]") == Data(Data::Sequence()));
    CHECK(read("{}") == Data(Data::Table()));
    CHECK(read(" ; note\n {:a ; why\n 1} ; end") == Data(Data::Table{{"a", 1}}));
    CHECK(read("{:a 1}\v\f\r\n") == Data(Data::Table{{"a", 1}}));
    CHECK(read("{:a nil :b 2}") == Data(Data::Table{{"b", 2}}));
    CHECK(read("[[[]] {}]").sequence()->size() == 2);
}

TEST_CASE("keywords hold what Fennel lets them hold")
{
    for (std::string_view word : {"a", "quire/push", "a.b", "a:b", ":", "a#b", "1", "nil", "&", "-", "a=b",
                                  "caf\xc3\xa9", "\xff", "?", "a:", "a|b$%^*+<>\\"}) {
        INFO(word);
        Data data = read(":" + std::string(word));
        CHECK(data == Data(word));
        CHECK(data.is_keyword);
    }
    CHECK_FALSE(read("\"a\"").is_keyword);
}

TEST_CASE("numbers are what Fennel's reader makes of them")
{
    CHECK(read("0") == Data(0));
    CHECK(read("-0") == Data(0));
    CHECK(read("-12") == Data(-12));
    CHECK(read("1_000_000") == Data(1000000));
    CHECK(read("9223372036854775807") == Data(INT64_MAX));
    CHECK(read("-9223372036854775808") == Data(INT64_MIN));
    CHECK(read("1.0") == Data(1.0));
    CHECK(read("1e3") == Data(1000.0));
    CHECK(read("-2.5E-3") == Data(-0.0025));
    CHECK(read("1e+2") == Data(100.0));
    CHECK(read("1e-400") == Data(0.0));
    CHECK(read(".inf") == Data(HUGE_VAL));
    CHECK(read("-.inf") == Data(-HUGE_VAL));
    CHECK(std::isnan(*read(".nan").number()));
}

TEST_CASE("strings know Lua's escapes and keep raw lines")
{
    CHECK(read(R"("\a\b\f\n\r\t\v\\\"\'")") == Data("\a\b\f\n\r\t\v\\\"'"));
    CHECK(read(R"("\x41\x7e\65\065\0651\9")") == Data("A~AAA1\t"));
    CHECK(read(R"("\0")") == Data(std::string(1, '\0')));
    CHECK(read(R"("\u{41}\u{e9}\u{20AC}\u{1f389}")") == Data("A\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x89"));
    CHECK(read("\"a\nb\tc\r\"") == Data("a\nb\tc\r"));
    CHECK(read("\"a\\\nb\"") == Data("a\nb"));
    CHECK(read("\"\xff;(,\"") == Data("\xff;(,"));
}

TEST_CASE("what is broken is refused with its place and what to do")
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", "t.fnl:1:1: holds no value; the least is {}"},
        {" ; only a note\n", "t.fnl:2:1: holds no value"},
        {"\xef\xbb\xbf{}", "t.fnl:1:1: begins with a byte order mark"},
        {"{", "t.fnl:1:1: this { is never closed; add }"},
        {"{:a [1 2}", "t.fnl:1:9: found } where the [ of line 1, column 5 wants ]"},
        {"[1)", "t.fnl:1:3: found ) where the [ of line 1, column 1 wants ]"},
        {"{:a 1]", "t.fnl:1:6: found ] where the { of line 1, column 1 wants }"},
        {"[[]", "t.fnl:1:1: this [ is never closed; add ]"},
        {"}", "t.fnl:1:1: this } closes nothing"},
        {"{} }", "t.fnl:1:4: one value is enough"},
        {"{} {}", "t.fnl:1:4: one value is enough"},
        {"{:a}", "t.fnl:1:2: the key :a has no value"},
        {"{:a 1\n :b}", "t.fnl:2:2: the key :b has no value"},
        {"{:a 1 \"b c\" ; x\n}", "t.fnl:1:7: the key \"b c\" has no value"},
        {"{:a", "t.fnl:1:1: this { is never closed"},
        {"{:a 1 :a 2}", "t.fnl:1:7: the key :a stands here a second time"},
        {"{:a 1\n \"a\" nil}", "t.fnl:2:2: the key :a stands here a second time"},
        {"{1 :a}", "t.fnl:1:2: a table's keys are :keywords or strings, not an integer"},
        {"{true 1}", "t.fnl:1:2: a table's keys are :keywords or strings, not true or false"},
        {"{nil 1}", "t.fnl:1:2: a table's keys"},
        {"{[] 1}", "t.fnl:1:2: a table's keys are :keywords or strings, not a sequence"},
        {"{0.5 1}", "t.fnl:1:2: a table's keys are :keywords or strings, not a number"},
        {"[1, 2]", "t.fnl:1:3: a comma is no white space in Fennel; remove it"},
        {"['a']", "t.fnl:1:2: strings stand between double quotes"},
        {"[`a]", "t.fnl:1:2: strings stand between double quotes"},
        {"[@]", "t.fnl:1:2: a byte that can't stand here: @"},
        {"[\x01]", "t.fnl:1:2: a byte that can't stand here: \\x01"},
        {"[\x7f]", "t.fnl:1:2: a byte that can't stand here: \\x7f"},
        {std::string_view("[\0]", 3), "t.fnl:1:2: a byte that can't stand here: \\x00"},
        {"[1[2]]", "t.fnl:1:3: put a space between"},
        {"[\"a\"\"b\"]", "t.fnl:1:5: put a space between"},
        {"[\"a\":b]", "t.fnl:1:5: put a space between"},
        {"[:a\"b\"]", "t.fnl:1:4: put a space between"},
        {"[{}{}]", "t.fnl:1:4: put a space between"},
        {"{:a{}}", "t.fnl:1:4: put a space between"},
        {"[1;x\n{}]", "t.fnl:2:1: put a space between"}, // so says Fennel: a comment separates nothing
        {"\"a", "t.fnl:1:1: this string is never closed"},
        {"[\n \"a\\\"]", "t.fnl:2:2: this string is never closed"},
        {R"("\q")", "t.fnl:1:2: \\q is no escape"},
        {R"("\z  a")", "t.fnl:1:2: \\z is no escape"},
        {R"("\256")", "t.fnl:1:2: \\256 is more than a byte holds"},
        {R"("\x4")", "t.fnl:1:2: \\x wants two hex digits"},
        {R"("\xg0")", "t.fnl:1:2: \\x wants two hex digits"},
        {R"("\u41")", "t.fnl:1:2: \\u wants"},
        {R"("\u{}")", "t.fnl:1:2: \\u wants"},
        {R"("\u{0000041}")", "t.fnl:1:2: \\u wants"},
        {R"("\u{4g}")", "t.fnl:1:2: \\u wants"},
        {R"("\u{110000}")", "t.fnl:1:2: \\u{110000} is no character"},
        {R"("\u{d800}")", "t.fnl:1:2: \\u{d800} is no character"},
        {"\"a\\", "t.fnl:1:1: this string is never closed"},
        {"\"\\\t\"", "t.fnl:1:2: \\\\x09 is no escape"},
        {"\"a\x1b\"", "t.fnl:1:3: a control byte in a string; write it as \\027"},
        {"\"\x7f\"", "t.fnl:1:2: a control byte in a string; write it as \\127"},
        {std::string_view("\"\0\"", 3), "t.fnl:1:2: a control byte in a string; write it as \\000"},
        {"12a", "t.fnl:1:1: 12a is no number"},
        {"007", "t.fnl:1:1: 007 is no number"},
        {"0x10", "t.fnl:1:1: 0x10 is no number"},
        {"1.", "t.fnl:1:1: 1. is no number"},
        {".5", "t.fnl:1:1: .5 is no number"},
        {"-.5", "t.fnl:1:1: -.5 is no number"},
        {"1e", "t.fnl:1:1: 1e is no number"},
        {"1__0", "t.fnl:1:1: 1__0 is no number"},
        {"1_", "t.fnl:1:1: 1_ is no number"},
        {"1.2.3", "t.fnl:1:1: 1.2.3 is no number"},
        {"9223372036854775808", "t.fnl:1:1: 9223372036854775808 does not fit into 64 bits"},
        {"1e999", "t.fnl:1:1: 1e999 is too large"},
    };
    for (const auto& [source, message] : cases) {
        std::string found = error_of(source);
        CHECK(found.substr(0, message.size()) == message);
        CHECK_FALSE(is_code(read_fnl(source, "t.fnl").error()));
    }
}

TEST_CASE("code is told apart from what is broken")
{
    for (std::string_view source : {"(local x 1) {}",
                                    "{:a (f)}",
                                    "{:a b}",
                                    "{a 1}",
                                    "{: a}",
                                    "#{:a 1}",
                                    "...",
                                    "(",
                                    "[~=]",
                                    "+",
                                    "-",
                                    "_1",
                                    "[.]",
                                    "nan",
                                    "-x",
                                    "{:a (+ 1 2}",
                                    ":",
                                    "$",
                                    "x.y",
                                    "&",
                                    "+1"}) {
        INFO(source);
        auto result = read_fnl(source, "t.fnl");
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::refused);
        CHECK(is_code(result.error()));
    }
    CHECK(error_of("{:state\n queued}") ==
          "t.fnl:2:2: queued is a symbol, which only code can have; for a string write \"queued\"");
}

TEST_CASE("depth and size are bounded, and width costs no more than it is")
{
    std::string deep(max_fnl_depth, '[');
    CHECK(read_fnl(deep + std::string(max_fnl_depth, ']'), "t.fnl"));
    CHECK(error_of("[" + deep + std::string(max_fnl_depth + 1, ']')) == "t.fnl:1:65: nested deeper than 64 levels");
    CHECK(error_of(std::string(max_fnl_bytes, '[')) == "t.fnl:1:65: nested deeper than 64 levels");
    CHECK(error_of(std::string(max_fnl_bytes + 1, ' ')).starts_with("t.fnl: longer than"));
    std::string wide = "{";
    for (int i = 0; wide.size() < max_fnl_bytes - 20; ++i)
        wide += fmt::format(":k{} 1 ", i);
    CHECK(read(wide + "}").table()->size() > 80'000);
}

TEST_CASE("values and keys know where they stood")
{
    Data data = read("{:a 1\n :b  [:x]}");
    CHECK(data.find("b")->position.line == 2);
    CHECK(data.find("b")->position.column == 6);
    CHECK(data.find("b")->key_position.column == 2);
    CHECK(data.find("b")->sequence()->at(0).position.column == 7);
}

TEST_CASE("write_fnl writes keywords where they are meant and quotes the rest")
{
    Data data(Data::Table{{"state", Keyword{"queued"}}, {"ref", "refs/heads/main"}, {"odd key", "a\"\\\n\x01\xff"}});
    CHECK(write_fnl(data) == "{:state :queued :ref \"refs/heads/main\" \"odd key\" \"a\\\"\\\\\\n\\001\\255\"}\n");
    CHECK(read(write_fnl(data)) == data);
    CHECK(write_fnl(Data(Keyword{"a b"})) == "\"a b\"\n");
    CHECK(write_fnl(Data(Keyword{""})) == "\"\"\n");
    CHECK(write_fnl(Data(Keyword{"1"})) == "\"1\"\n");
    CHECK(write_fnl(Data(Data::Table{{"1", 1}, {"", 2}})) == "{\"1\" 1 \"\" 2}\n");
    CHECK(write_fnl(Data(Data::Table{{"a", Data()}, {"b", 1}})) == "{:b 1}\n");
    CHECK(write_fnl(Data(Data::Sequence{Data(), true})) == "[nil true]\n");
    CHECK(write_fnl("\x1b[2J \xe2\x80\xae \xc2\x9b caf\xc3\xa9\r\t") ==
          "\"\\027[2J \\226\\128\\174 \\194\\155 caf\xc3\xa9\\013\\t\"\n");
    CHECK(write_fnl("\x01"
                    "1") == "\"\\0011\"\n");
}

TEST_CASE("write_fnl keeps integers, doubles and what is neither apart")
{
    CHECK(write_fnl(1) == "1\n");
    CHECK(write_fnl(1.0) == "1.0\n");
    CHECK(write_fnl(0.1) == "0.1\n");
    CHECK(write_fnl(1e300) == "1e+300\n");
    CHECK(write_fnl(-0.0) == "-0.0\n");
    CHECK(write_fnl(HUGE_VAL) == ".inf\n");
    CHECK(write_fnl(-HUGE_VAL) == "-.inf\n");
    CHECK(write_fnl(std::nan("")) == ".nan\n");
    CHECK(write_fnl(INT64_MIN) == "-9223372036854775808\n");
}

TEST_CASE("a table that does not fit a line has a key to a line")
{
    Data data(Data::Table{{"reason", std::string(60, 'x')},
                          {"jobs", Data::Sequence{Data(Data::Table{{"id", "build"}, {"log", std::string(60, 'y')}}),
                                                  Data(Data::Table{{"id", "test"}})}}});
    CHECK(write_fnl(data) == "{:reason \"" + std::string(60, 'x') + "\"\n :jobs [{:id \"build\" :log \"" +
                                 std::string(60, 'y') + "\"}\n        {:id \"test\"}]}\n");
    CHECK(read(write_fnl(data)) == data);
}

TEST_CASE("any value comes back from its Fennel")
{
    tests::Random random(1);
    for (int i = 0; i < 3000; ++i) {
        Data data = tests::random_data(random);
        std::string source = write_fnl(data);
        INFO(source);
        Data again = read(source);
        REQUIRE(again == data);
        REQUIRE(write_fnl(again) == source);
    }
}
