// TextMatch: finds where each line of a text was in the earlier text.
//
// First come lines that kept their order (line_match), then those that moved together, then those that changed but can
// be recognised by what they kept. Both texts must outlive this.
#pragma once

#include <optional>
#include <vector>

#include "history/source_lines.h"

namespace quire::history {

/// Lines that are taken and match nothing else.
using LineMask = std::vector<bool>;

class TextMatch {
public:
    TextMatch(const SourceLines& before, const SourceLines& after);
    /// For two different files: matches lines that one has lost with lines that the other has gained.
    TextMatch(const SourceLines& before, LineMask not_before, const SourceLines& after, LineMask not_after);

    struct Origin {
        uint32_t line = none; ///< in the earlier text
        float similarity = 0; ///< 1: equal except for blanks
        bool is_moved = false;
        bool found() const { return line != none; }
    };
    static constexpr uint32_t none = UINT32_MAX;

    const Origin& origin(uint32_t line) const { return m_origins[line]; }
    /// Whether a line of the earlier text was matched.
    bool is_taken(uint32_t old_line) const { return m_taken[old_line]; }
    LineMask found_lines() const;                           ///< in the later text
    const LineMask& taken_lines() const { return m_taken; } ///< in the earlier text
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
