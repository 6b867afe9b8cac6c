#include "search/text_finder.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>

#include "search/trigrams.h"

using namespace quire::search;

TEST_CASE("a text is found where string::find finds it, wherever it stands and whatever is around it")
{
    std::mt19937 random(7);
    auto one_of = [&](std::string_view bytes) { return bytes[random() % bytes.size()]; };
    for (int round = 0; round < 20000; ++round) {
        std::string text, what, folded;
        for (size_t size = random() % 80; text.size() < size;)
            text += one_of("aAbB_\n@`\xc3\xe3");
        for (size_t size = 1 + random() % 4; what.size() < size;)
            what += one_of("ab_\n@`\xc3\xe3");
        size_t from = random() % (text.size() + 2);
        CAPTURE(text, what, from);
        REQUIRE(TextFinder(what, Case::respected).find(text, from) == text.find(what, from));
        fold(text, folded);
        REQUIRE(TextFinder(what, Case::ignored).find(text, from) == folded.find(what, from));
    }
    std::string empty;
    CHECK(TextFinder(empty, Case::respected).find("abc", 1) == 1);
    CHECK(TextFinder("abc", Case::respected).find("") == std::string::npos);
}

TEST_CASE("newlines are counted in texts of any length")
{
    for (size_t size : {0u, 1u, 15u, 16u, 17u, 255u * 16, 255u * 16 + 1, 10000u}) {
        std::string text;
        for (size_t i = 0; i < size; ++i)
            text += i % 3 == 0 || size > 9000 ? '\n' : '\xff';
        CHECK(count_newlines(text) == static_cast<size_t>(std::count(text.begin(), text.end(), '\n')));
    }
}
