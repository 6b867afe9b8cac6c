// A look for a block without taking both texts apart: most commits change little of a file, and far from the block.
//
// What it does not find has to be looked for in the whole texts (text_match); what it does find is what that finds.
#pragma once

#include <optional>

#include "history/line_match.h"
#include "history/texts.h"

namespace quire::history {

class NearMatch {
public:
    NearMatch(Text& before, Text& after, LineRange block);

    /// The block's lines before, if neither they nor those around them changed.
    std::optional<LineRange> find_untouched() const;

    struct Found {
        LineRange lines;
        Sameness sameness = Sameness::same;
        double similarity = 1;
    };
    /// The same by a look at the lines that changed around the block, where that leaves no doubt.
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
