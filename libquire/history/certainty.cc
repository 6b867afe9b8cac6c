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
constexpr std::array<Measured, 9> measured = {{{0.05, 0.05},
                                               {0.43, 0.117},
                                               {0.93, 0.283},
                                               {1.42, 0.333},
                                               {2.36, 0.75},
                                               {3.45, 0.833},
                                               {4.29, 0.95},
                                               {7.1, 0.983},
                                               {9.85, 0.99}}};

double strength_of(const Evidence& evidence)
{
    return 4.9 * evidence.words + 5.3 * evidence.lines - 4.6 * evidence.rival;
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
