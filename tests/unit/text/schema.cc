#include "text/schema.h"

#include <catch2/catch_test_macros.hpp>

#include "text/fnl.h"

using namespace quire;
using namespace quire::text;

static const Shape config = shape::table({
    {"host", shape::string()},
    {"executor", shape::word({"auto", "host", "container", "bwrap"})},
    {"private", shape::boolean()},
    {"max-concurrent-runs", shape::integer(1)},
    {"port", shape::integer(1, 65535)},
    {"factor", shape::number()},
    {"env", shape::map(shape::string())},
    {"secrets", shape::map(shape::either(shape::string(), shape::table({{"file", shape::string()}})))},
    {"notifications",
     shape::table({{"to", shape::list(shape::string())}, {"on", shape::list(shape::word({"failed"}))}})},
    {"extra", shape::anything()},
});

static std::vector<std::string> problems(std::string_view source)
{
    auto data = read_fnl(source, "config.fnl");
    REQUIRE(data);
    return find_mismatches(*data, config, "config.fnl");
}

TEST_CASE("a file of the right shape has no mismatches")
{
    CHECK(problems("{}").empty());
    CHECK(problems("[]").empty());
    CHECK(problems("{:env [] :notifications {:to {}}}").empty());
    CHECK(problems("{:host :h :executor :host :private true :max-concurrent-runs 1 :port 65535 :factor 2\n"
                   " :env {:A \"1\"} :secrets {:a \"x\" :b {:file \"/f\"}} :extra [1 {}]\n"
                   " :notifications {:to [\"a@b\"] :on [:failed]}}")
              .empty());
}

TEST_CASE("each mismatch names its place and what would have been right")
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"{:hots 1}", "config.fnl:1:2: unknown key :hots; did you mean :host?"},
        {"{:host :x\n :zebra 1}", "config.fnl:2:2: unknown key :zebra; the keys here are :host :executor :private "
                                  ":max-concurrent-runs :port :factor :env :secrets :notifications :extra"},
        {"{:host 1}", "config.fnl:1:8: :host wants a string, not an integer"},
        {"{:host []}", "config.fnl:1:8: :host wants a string, not a sequence"},
        {"{:host {}}", "config.fnl:1:8: :host wants a string, not a table"},
        {"{:private :yes}", "config.fnl:1:11: :private wants true or false, not a string"},
        {"{:executor :hosts}", "config.fnl:1:12: :executor can't be hosts; did you mean host?"},
        {"{:executor :vm}", "config.fnl:1:12: :executor can't be vm; it is one of auto, host, container, bwrap"},
        {"{:max-concurrent-runs 0}", "config.fnl:1:23: :max-concurrent-runs is 0; it wants 1 or more"},
        {"{:max-concurrent-runs 1.5}", "config.fnl:1:23: :max-concurrent-runs wants an integer, not a number"},
        {"{:port 65536}", "config.fnl:1:8: :port is 65536; it wants 1 to 65535"},
        {"{:factor :x}", "config.fnl:1:10: :factor wants a number, not a string"},
        {"{:env {:A 1}}", "config.fnl:1:11: :A wants a string, not an integer"},
        {"{:env [1]}", "config.fnl:1:7: :env wants a table, not a sequence"},
        {"{:secrets {:a 1}}", "config.fnl:1:15: :a wants a string or a table, not an integer"},
        {"{:secrets {:a {:fiel :x}}}", "config.fnl:1:16: unknown key :fiel; did you mean :file?"},
        {"{:notifications {:to [:a 2]}}", "config.fnl:1:26: an entry of :to wants a string, not an integer"},
        {"{:notifications {:on [:failde]}}", "config.fnl:1:23: an entry of :on can't be failde; did you mean failed?"},
        {"[1]", "config.fnl:1:1: the file wants a table, not a sequence"},
        {"{\"a\\027b\" 1}", "config.fnl:1:2: unknown key :a\\x1bb; the keys here"},
    };
    for (const auto& [source, message] : cases) {
        std::vector<std::string> found = problems(source);
        REQUIRE(found.size() == 1);
        CHECK(found[0].substr(0, message.size()) == message);
    }
}

TEST_CASE("all mismatches are found, and the first is the error")
{
    auto data = read_fnl("{:host 1\n :prot 2\n :port 0}", "config.fnl");
    REQUIRE(data);
    CHECK(find_mismatches(*data, config, "config.fnl").size() == 3);
    auto checked = check_shape(*data, config, "config.fnl");
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::invalid);
    CHECK(checked.error().message == "config.fnl:1:8: :host wants a string, not an integer");
}

TEST_CASE("a value without a place is named by the file alone")
{
    CHECK(find_mismatches(Data(Data::Table{{"host", 1}}), config, "config.fnl") ==
          std::vector<std::string>{"config.fnl: :host wants a string, not an integer"});
}
