// A regular expression on the first line, a text on the others.
#include "search/regex.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"

using namespace quire;
using namespace quire::search;
using quire::fuzz::require;

FUZZ_SEEDS("()[]{}*+?|\\^$.-:,0123abwWdDsSB \n", "(a|b)*c\naabbc\nx", "\\bint\\b|[a-z]+{2,3}\nan int\n",
           "[[:alpha:]_][^]x]{1,4}$\nab]c\n", "^(?:a?){20}a{20}\naaaaaaaaaaaaaaaaaaaaaaa\n", "gr(ü|ö)ße\ngröße\n")

FUZZ_TARGET(input)
{
    std::string_view text = input, pattern = take_until(text, '\n');
    for (bool ignores_case : {false, true}) {
        auto program = RegexProgram::compile(pattern, ignores_case);
        if (!program) {
            require(!program.error().message.empty(), "a refusal has a reason");
            continue;
        }
        LineMatcher matcher(*program);
        for (std::string_view rest = text; !rest.empty();) {
            std::string_view line = take_until(rest, '\n');
            auto span = matcher.find(line);
            require(span.has_value() == matcher.matches(line), "both say whether a line matches");
            require(!span || (span->begin <= span->end && span->end <= line.size()), "a match lies in its line");
        }
    }
}
