// Finds which lines of one text are which lines of another; the basis for finding where a line was before.
//
// Lines are compared by number: LineNumbers gives equal lines equal numbers. A caller can give the same number to lines
// that differ, for instance in blanks. These are plain values, and nothing fails. Time and memory are limited for all
// texts: what would cost too much to match counts as changed.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quire::history {

/// The lines of a text, without their newlines and without a carriage return before those. The last line counts even
/// without a newline. The result must not outlive the text.
std::vector<std::string_view> lines_of(std::string_view text);

class LineNumbers {
public:
    /// Equal lines get equal numbers, as long as this object lives. The text must live as long.
    uint32_t number(std::string_view line);
    std::vector<uint32_t> numbers(std::span<const std::string_view> lines);

private:
    std::unordered_map<std::string_view, uint32_t> m_known;
};

/// `count` lines of one text, starting at `before`, equal those of the other, starting at `after`. Lines count from 0.
struct LineRun {
    uint32_t before = 0, after = 0, count = 0;
    bool operator==(const LineRun&) const = default;
};

/// The longest runs that don't cross each other. Lines that are unique on both sides are matched first; between them,
/// as few lines as possible count as changed. In order; no two runs touch on both sides.
std::vector<LineRun> match_lines(std::span<const uint32_t> before, std::span<const uint32_t> after);

} // namespace quire::history
