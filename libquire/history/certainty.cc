#include "history/certainty.h"

#include <array>
#include <cstddef>

namespace quire::history {

/// Less than this proves nothing: every file has a brace or a "return null".
constexpr double least_moved = 40, least_common = 8;

/// Steps of the table: of answers with that strength, so many were right. Made by tests/bench/moves/fit.
struct Measured {
    double strength, certainty;
};
constexpr std::array<Measured, 14> measured = {{{0.04, 0.033},
                                                {0.29, 0.05},
                                                {0.51, 0.117},
                                                {0.77, 0.233},
                                                {1.04, 0.25},
                                                {1.33, 0.317},
                                                {1.71, 0.417},
                                                {2.2, 0.7},
                                                {2.84, 0.8},
                                                {3.43, 0.933},
                                                {3.94, 0.95},
                                                {4.34, 0.983},
                                                {9.06, 0.985},
                                                {9.33, 0.99}}};

double strength_of(const Evidence& evidence)
{
    return 4.6 * evidence.words + 5.1 * evidence.lines - 3.5 * evidence.rival;
}

double certainty_of(const Evidence& evidence)
{
    if (evidence.moved < least_moved && evidence.common < least_common)
        return 0;
    double strength = strength_of(evidence);
    if (strength <= measured[0].strength)
        return measured[0].certainty;
    for (std::size_t i = 1; i < measured.size(); ++i) {
        const Measured &low = measured[i - 1], &high = measured[i];
        if (strength <= high.strength)
            return low.certainty +
                   (high.certainty - low.certainty) * (strength - low.strength) / (high.strength - low.strength);
    }
    return measured.back().certainty;
}

} // namespace quire::history
