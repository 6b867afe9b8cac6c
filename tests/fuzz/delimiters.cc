// Brackets and strings of any text: what is wrong is in the text, in order and bounded, and what is blanked out of it
// is what was wrong.
#include "lua/delimiters.h"

#include "fuzz/fuzz.h"

using namespace quire::lua;

FUZZ_SEEDS("()[]{}\"\\;\n (a:é", "(job :a [:quire/push] (fn [{: sh}] (sh \"make\")))\n", "(a \"b)\n(c \"d\")\n",
           "(a [b)\n(c)\n", "((((\n(a)", ")\n(a))\n", "\"\\\"\n(x)\n", "; )\n(a ; (\n)", "(\"\n(a\"\n(b \"")

FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    Delimiters found = check_delimiters(input);
    require(found.flaws.size() <= 50, "flaws are bounded");
    require(found.readable || !found.flaws.empty(), "what is not readable has a reason");
    std::string rest(input);
    size_t last = 0;
    for (const Flaw& flaw : found.flaws) {
        require(last <= flaw.begin && flaw.begin < flaw.end && flaw.end <= input.size(),
                "flaws lie in the text, in order");
        require(flaw.position.line > 0 && flaw.position.column > 0 && !flaw.message.empty(), "a flaw has a place");
        last = flaw.begin;
        for (size_t at = flaw.begin; at < flaw.end; ++at)
            rest[at] = rest[at] == '\n' ? '\n' : ' ';
    }
    if (found.readable && found.flaws.size() < 50)
        require(check_delimiters(rest).flaws.empty(), "without its flaws the text is whole");
}
