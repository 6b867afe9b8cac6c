// Certainty: how likely it is that a block that was found in another file came from there.
#pragma once

namespace quire::history {

/// What speaks for and against a source in another file.
struct Evidence {
    double words = 0;  ///< how alike block and source are by their pairs of words, from 0 to 1
    double common = 0; ///< the weight of the pairs that both have (word_match.h)
    double lines = 0;  ///< how alike they are by lines; 0: they were not recognised by lines
    double moved = 0;  ///< the weight of lines that moved along, of the block and around it
    double rival = 0;  ///< how alike the next best source is

    double alike() const { return words > lines ? words : lines; }
};

/// Orders evidence: the higher, the likelier.
double strength_of(const Evidence& evidence);

/// From 0 to 1. Of answers with the same certainty, that share is right: measured, see docs/history.md.
double certainty_of(const Evidence& evidence);

/// Less certain sources are not told.
constexpr double least_certainty = 0.5;

} // namespace quire::history
