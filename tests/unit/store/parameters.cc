// Parameters of a manual source: what is given, what is assumed, and what is refused.
#include "store/parameters.h"

#include <catch2/catch_test_macros.hpp>

#include "text/fnl.h"

using namespace quire;
using namespace quire::store;

static store::ManualSource deploy()
{
    return {"deploy", {{"to", {"staging", "where"}}, {"version", {std::nullopt, ""}}}};
}

static std::string refusal(const std::map<std::string, std::string>& given)
{
    auto filled = fill_parameters(deploy(), given);
    REQUIRE_FALSE(filled.has_value());
    CHECK(filled.error().kind == ErrorKind::usage);
    return filled.error().message;
}

TEST_CASE("given parameters stand over defaults")
{
    auto filled = fill_parameters(deploy(), {{"version", "1.2"}});
    REQUIRE(filled.has_value());
    CHECK(filled->string_or("to", "") == "staging");
    CHECK(filled->string_or("version", "") == "1.2");
    CHECK(fill_parameters(deploy(), {{"version", ""}, {"to", "prod"}}).value().string_or("to", "") == "prod");
    CHECK(fill_parameters({"plain", {}}, {}).value().table()->empty());
}

TEST_CASE("what is missing or misspelt is told")
{
    CHECK(refusal({}) == "source 'deploy' needs version=…");
    CHECK(refusal({{"versoin", "1"}}) ==
          "source 'deploy' has no parameter 'versoin'; did you mean 'version'? (it takes to, version)");
    auto none = fill_parameters({"plain", {}}, {{"x", "1"}});
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().message == "source 'plain' has no parameter 'x' (it takes none)");
}

TEST_CASE("words are name=value and nothing else")
{
    auto parsed = parse_parameters({"to=a=b", "empty="});
    REQUIRE(parsed.has_value());
    CHECK(parsed->at("to") == "a=b");
    CHECK(parsed->at("empty").empty());
    for (const std::vector<std::string>& words : {std::vector<std::string>{"to"},
                                                  {"=x"},
                                                  {""},
                                                  {"to=1", "to=2"},
                                                  {"to=\xff"},
                                                  {"to=" + std::string(5000, 'x')}}) {
        auto refused = parse_parameters(words);
        INFO(words[0].substr(0, 20));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().kind == ErrorKind::usage);
    }
}

TEST_CASE("sources come back from their file as they were")
{
    store::RepositorySources all{.sha = "abc",
                                 .ref = "refs/heads/main",
                                 .looked_at = 1'000'000'001,
                                 .error = "",
                                 .cron = {{"weekly", "0 3 * * 1"}},
                                 .manual = {deploy(), {"plain", {}}}};
    auto data = text::read_fnl(text::write_fnl(to_data(all)), "sources.fnl");
    REQUIRE(data.has_value());
    auto back = store::sources_from_data(*data, "sources.fnl");
    REQUIRE(back.has_value());
    CHECK(to_data(*back) == to_data(all));
    CHECK(back->find_manual("deploy")->parameters.at("to").fallback == "staging");
    CHECK_FALSE(back->find_manual("deploy")->parameters.at("version").fallback.has_value());
    CHECK(back->find_manual("nosuch") == nullptr);
    for (const char* wrong : {"3", "[]", "{:cron 3}", "{:cron [3]}", "{:manual [{}]}"}) {
        INFO(wrong);
        CHECK_FALSE(store::sources_from_data(text::read_fnl(wrong, "x").value(), "x").has_value());
    }
}
