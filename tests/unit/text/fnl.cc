#include "text/fnl.h"

#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("read_fnl reads every kind of value")
{
    CHECK(read("{:a 1 :b [true false nil] \"c d\" -0.5 :e :f}") ==
          Data(Data::Table{{"a", 1}, {"b", Data::Sequence{true, false, Data()}}, {"c d", -0.5}, {"e", "f"}}));
}

TEST_CASE("write_fnl gives what read_fnl reads back")
{
    Data data(Data::Table{{"state", Keyword{"queued"}}, {"ref", "refs/heads/main"}, {"odd key", "a\"\\\n\x01\xff"}});
    CHECK(write_fnl(data) == "{:state :queued :ref \"refs/heads/main\" \"odd key\" \"a\\\"\\\\\\n\\001\\255\"}\n");
    CHECK(read(write_fnl(data)) == data);
}
