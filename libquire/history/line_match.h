// Which lines of one text are which lines of another: the heart of whatever asks where a line was before.
//
// Lines are compared by number: LineNumbers gives equal lines equal numbers. A caller that wants lines to count as
// equal though they differ (in blanks, say) gives them one number itself. Plain values, nothing fails; time and memory
// are bounded whatever the texts are: what would cost too much to match counts as changed.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quire::history {

/// The lines of a text, each without its newline and without a carriage return before it. A last line counts as one
/// whether a newline ends it or not. They must not outlive the text.
std::vector<std::string_view> lines_of(std::string_view text);

class LineNumbers {
public:
    /// The same number for the same line, as long as this lives; so must what the line points into.
    uint32_t number(std::string_view line);
    std::vector<uint32_t> numbers(std::span<const std::string_view> lines);

private:
    std::unordered_map<std::string_view, uint32_t> m_known;
};

/// `count` lines from `before` on in the one text are those from `after` on in the other. Lines count from 0.
struct LineRun {
    uint32_t before = 0, after = 0, count = 0;
    bool operator==(const LineRun&) const = default;
};

/// The longest runs that don't cross each other: first what is unique on both sides holds the texts together, then
/// as few lines as possible count as changed between. In order; no two touch on both sides.
std::vector<LineRun> match_lines(std::span<const uint32_t> before, std::span<const uint32_t> after);

} // namespace quire::history
