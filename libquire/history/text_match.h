// TextMatch: where each line of a text was in the text before.
//
// Lines that stayed in their order are found first (line_match), then those that moved as a piece, then those that
// changed but can be told by what they kept. Both texts must outlive this.
#pragma once

#include <optional>
#include <vector>

#include "history/source_lines.h"

namespace quire::history {

/// Lines that are spoken for: they match nothing.
using LineMask = std::vector<bool>;

class TextMatch {
public:
    TextMatch(const SourceLines& before, const SourceLines& after);
    /// Between different files: of lines that the one has lost and the other has got.
    TextMatch(const SourceLines& before, LineMask not_before, const SourceLines& after, LineMask not_after);

    struct Origin {
        uint32_t line = none; ///< of the text before
        float similarity = 0; ///< 1: equal but for blanks
        bool is_moved = false;
        bool found() const { return line != none; }
    };
    static constexpr uint32_t none = UINT32_MAX;

    const Origin& origin(uint32_t line) const { return m_origins[line]; }
    /// Whether a line of the text before is one of the text after.
    bool is_taken(uint32_t old_line) const { return m_taken[old_line]; }
    LineMask found_lines() const;                           ///< of the text after
    const LineMask& taken_lines() const { return m_taken; } ///< of the text before
    const SourceLines& before() const { return m_before; }
    const SourceLines& after() const { return m_after; }

private:
    void match_in_order();
    void match_moved();
    void match_similar();
    void match_gap(LineRange before, LineRange after);
    void take(uint32_t old_line, uint32_t new_line, float similarity, bool is_moved);
    bool is_open(uint32_t new_line) const { return !m_origins[new_line].found() && !m_not_after[new_line]; }

    const SourceLines& m_before;
    const SourceLines& m_after;
    std::vector<Origin> m_origins;
    LineMask m_taken;
    LineMask m_not_after;
};

} // namespace quire::history
