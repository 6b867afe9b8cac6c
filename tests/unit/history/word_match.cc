#include "history/word_match.h"

#include <catch2/catch_test_macros.hpp>

#include "history/certainty.h"

using namespace quire::history;

namespace {

const std::string check_margin =
    "void set_margin(double margin)\n"
    "{\n"
    "    if (margin < 0)\n"
    "        throw domain_error(\"invalid margin: \" + to_string(margin) + \" is negative\");\n"
    "    m_margin = margin;\n"
    "}\n";
const std::string others = "int unrelated(int first, int second)\n{\n    return first * second;\n}\n\n";

struct Match {
    Match(const std::string& before_text, const std::string& after_text, LineMask not_before = {})
        : before(before_text, "a.cc"), after(after_text, "b.cc"), not_old(std::move(not_before)), not_new(after.size()),
          words((not_old.resize(before.size()), before), not_old, after, not_new, {0, after.size()})
    {}
    SourceLines before, after;
    LineMask not_old, not_new;
    WordMatch words;
};

} // namespace

TEST_CASE("words find a block whatever its lines became")
{
    const std::string anew = "void Limits::set_margin( double margin ) {\n"
                             "    if ( margin < 0 ) {\n"
                             "        throw domain_error(\n"
                             "            \"invalid margin: \" + to_string( margin ) +\n"
                             "            \" is negative\" );\n"
                             "    }\n"
                             "    m_margin = margin;\n"
                             "}\n";
    const std::string text = others + check_margin + "\n" + others;
    Match match(text, anew);
    auto found = match.words.find();
    REQUIRE(found);
    CHECK(*found == LineRange{5, 11});
    auto likeness = match.words.compare(*found);
    CHECK(likeness.similarity() > 0.8);
    CHECK(match.words.compare({0, 4}).similarity() < 0.2);
    auto rival = match.words.find(*found);
    CHECK((!rival || match.words.compare(*rival).similarity() < 0.2));
}

TEST_CASE("lines that stayed are no source, and what has nothing in common isn't either")
{
    const std::string text = others + check_margin;
    LineMask stayed(11, true);
    CHECK(Match(text, check_margin, stayed).words.find() == std::nullopt);
    CHECK(Match("alpha beta\ngamma delta\n", "one two\nthree four\n").words.find() == std::nullopt);
    CHECK(Match("", check_margin).words.find() == std::nullopt);
    CHECK(Match(text, "").words.find() == std::nullopt);
    CHECK(Match(text, "\n{\n}\n").words.find() == std::nullopt);
}

TEST_CASE("a second place that is as good is the rival")
{
    const std::string text = check_margin + others + check_margin;
    Match match(text, check_margin);
    auto found = match.words.find();
    REQUIRE(found);
    auto rival = match.words.find(*found);
    REQUIRE(rival);
    CHECK(*found != *rival);
    CHECK(match.words.compare(*rival).similarity() > 0.9);
}

TEST_CASE("a sample tells which file lost something of a block")
{
    WordSample sample(check_margin);
    CHECK(sample.lost(check_margin, "") == 1);
    CHECK(sample.lost(check_margin, check_margin) == 0);
    CHECK(sample.lost(others, "") < 0.2);
    CHECK(sample.in(others + check_margin) > 0.9);
    CHECK(WordSample("").in(check_margin) == 0);
    CHECK(WordSample(check_margin).in("") == 0);
}

TEST_CASE("certainty rises with what is alike and falls with a rival")
{
    const Evidence strong{0.9, 30, 0.95, 200, 0};
    auto with = [&](auto change) {
        Evidence evidence = strong;
        change(evidence);
        return certainty_of(evidence);
    };
    CHECK(certainty_of(strong) > 0.95);
    CHECK(certainty_of(strong) < 1);
    for (double less = 0.1; less < 0.9; less += 0.1) {
        CHECK(with([&](Evidence& one) { one.words -= less; }) <= certainty_of(strong));
        CHECK(with([&](Evidence& one) { one.lines -= less; }) <= certainty_of(strong));
        CHECK(with([&](Evidence& one) { one.rival = less; }) <= certainty_of(strong));
    }
    const Evidence weak{0.5, 30, 0.3, 200, 0};
    Evidence contested = weak;
    contested.rival = 0.45;
    CHECK(certainty_of(contested) < certainty_of(weak));
    CHECK(with([](Evidence& one) { one = {0.1, 30, 0, 200, 0}; }) < least_certainty);
    CHECK(with([](Evidence& one) { one.common = one.moved = 3; }) == 0);
}

TEST_CASE("hostile texts cost a limited time")
{
    std::string same, words;
    for (int i = 0; i < 20'000; ++i) {
        same += "a a a a\n";
        words += "w" + std::to_string(i % 50) + " w" + std::to_string(i % 49) + "\n";
    }
    CHECK(Match(same, same).words.find());
    CHECK(Match(words, words).words.find());
}
