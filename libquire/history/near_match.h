// Looks for a block without splitting both texts, because most commits change little, and far from the block.
//
// If it finds nothing, the whole texts must be searched (text_match). If it finds something, the result is the same.
#pragma once

#include <optional>

#include "history/line_match.h"
#include "history/texts.h"

namespace quire::history {

class NearMatch {
public:
    NearMatch(Text& before, Text& after, LineRange block);

    /// The block's place before, if neither its lines nor those around them have changed.
    std::optional<LineRange> find_untouched() const;

    struct Found {
        LineRange lines;
        Sameness sameness = Sameness::same;
        double similarity = 1;
    };
    /// The block's place before, judged by the changed lines around it, if these leave no doubt.
    std::optional<Found> find_changed();

private:
    struct Windows {
        LineRange before, after;
    };
    Windows windows() const;
    uint32_t begin_of_piece(uint32_t line, uint32_t least) const;

    Text& m_before;
    Text& m_after;
    LineRange m_block;
    std::vector<LineRun> m_runs;
};

} // namespace quire::history
