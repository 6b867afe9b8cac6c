// read_fnl and write_fnl held against the Fennel compiler that is installed.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/printf.h>

#include "base/strings.h"
#include "support/random_data.h"
#include "sys/process.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::text;

namespace {

enum class Mode { read, eval };

std::string number(double value, Mode mode)
{
    if (mode == Mode::eval)
        return fmt::format("n{:.12g}", value);
    if (value == 0) // as which fmt 10 has the least number that there is
        return std::signbit(value) ? "f-0x0p+0" : "f0x0p+0";
    return std::isnan(value) ? "nan" : fmt::format("f{}", fmt::sprintf("%a", value));
}

/// The form in which ask_fennel.lua answers.
std::string show(const Data& data, Mode mode)
{
    if (const bool* value = data.boolean())
        return *value ? "true" : "false";
    if (const int64_t* value = data.integer())
        return mode == Mode::eval ? number(static_cast<double>(*value), mode) : fmt::format("i{}", *value);
    if (const double* value = data.number())
        return number(*value, mode);
    if (const std::string* value = data.string())
        return "s" + to_hex(*value);
    if (data.is_nil())
        return "nil";
    std::vector<std::string> entries;
    if (const Data::Sequence* values = data.sequence())
        for (size_t i = 0; i < values->size(); ++i)
            if (!values->at(i).is_nil())
                entries.push_back(fmt::format("{:06}={}", i + 1, show(values->at(i), mode)));
    if (const Data::Table* table = data.table())
        for (const auto& [key, value] : *table)
            entries.push_back(fmt::format("s{}={}", to_hex(key), show(value, mode)));
    std::sort(entries.begin(), entries.end());
    return "{" + join(entries, " ") + "}";
}

std::vector<std::string> ask_fennel(const std::vector<std::string>& sources, Mode mode)
{
    std::string input;
    for (const std::string& source : sources)
        input += fmt::format("{}\n{}", source.size(), source);
    sys::Command command{.argv = {"lua5.4", QUIRE_TEST_DIR "/ask_fennel.lua", mode == Mode::read ? "read" : "eval"}};
    auto out = sys::run_ok(command, {.input = input});
    if (!out)
        FAIL(out.error().message << " (the packages fennel and lua5.4 are needed here)");
    std::vector<std::string> answers;
    for (std::string_view line : split(trim(*out), '\n'))
        answers.emplace_back(line);
    REQUIRE(answers.size() == sources.size());
    return answers;
}

void compare(const std::vector<std::string>& sources, const std::vector<Data>& values, Mode mode)
{
    std::vector<std::string> answers = ask_fennel(sources, mode);
    for (size_t i = 0; i < sources.size(); ++i) {
        INFO(sources[i]);
        REQUIRE(answers[i] == show(values[i], mode));
    }
}

} // namespace

TEST_CASE("Fennel's reader reads what write_fnl wrote, to the last bit")
{
    tests::Random random(21);
    std::vector<std::string> sources;
    std::vector<Data> values;
    for (int i = 0; i < 3000; ++i) {
        values.push_back(tests::random_data(random));
        sources.push_back(write_fnl(values.back()));
    }
    compare(sources, values, Mode::read);
}

TEST_CASE("what write_fnl wrote, compiled and run by Fennel, is the same value")
{
    tests::Random random(22);
    std::vector<std::string> sources;
    std::vector<Data> values;
    while (sources.size() < 300) {
        Data value = tests::random_data(random);
        std::string source = write_fnl(value);
        // Fennel 1.5's compiler turns a DEL in a string into a form feed and a 7.
        if (source.find("\\127") != std::string::npos)
            continue;
        values.push_back(std::move(value));
        sources.push_back(std::move(source));
    }
    compare(sources, values, Mode::eval);
}

TEST_CASE("whatever read_fnl accepts, Fennel's reader reads as the same")
{
    static constexpr std::string_view alphabet = "{}[]():;\"\\ \n\t,'#~`@_-.0123456789abenrtuxz\x7f\xc3\xa9";
    tests::Random random(23);
    std::vector<std::string> sources;
    std::vector<Data> values;
    for (int i = 0; i < 60'000 && sources.size() < 6000; ++i) {
        std::string source = random.one_in(3) ? random.text(alphabet, 12) : write_fnl(tests::random_data(random));
        source = tests::damage(random, std::move(source), alphabet);
        if (auto value = read_fnl(source, "t.fnl")) {
            sources.push_back(source);
            values.push_back(*value);
        }
    }
    CHECK(sources.size() == 6000);
    compare(sources, values, Mode::read);
}

TEST_CASE("the least and the oddest texts mean the same to Fennel")
{
    const std::vector<std::string> sources = {
        "nil",
        "true",
        "-0",
        "1_000",
        "1_0.2_5",
        "1e+2",
        ".inf",
        "-.inf",
        ".nan",
        "9223372036854775807",
        "-9223372036854775808",
        "1e-400",
        "::",
        ":a:",
        ":nil",
        ":1",
        "\"\"",
        "\"a\\\nb\"",
        "\"\\u{10ffff}\"",
        "\"\r\t \"",
        "[1 nil 3]",
        "{:a nil}",
        "{\"\" 1}",
        "[[[]] {}]",
        "{ :a ;x\n 1 ;y\n}",
        "\v\f\r[]\n;end",
        "\"\\0651\\x41\\'\"",
        ":\xff\xfe",
        "[:a ;c\n :b]",
        "[\"a\";c\n]",
    };
    std::vector<Data> values;
    for (const std::string& source : sources) {
        auto value = read_fnl(source, "t.fnl");
        INFO(source);
        REQUIRE(value);
        values.push_back(*value);
    }
    compare(sources, values, Mode::read);
}
