// Chooses the place of a change that could be some lines further up or down, such as a "}" added after a "}".
//
// A change is moved next to one on the other side, or else to where indentation and blank lines suggest the beginning
// or end of a block. This only decides which of several equal lines counts as the new one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "git/line_table.h"

namespace quire::git {

/// Which lines on one side have changed.
class ChangedLines {
public:
    explicit ChangedLines(size_t lines) : m_bits(lines + 1), m_size(lines) {}
    size_t size() const { return m_size; }
    /// Lines after the last one count as unchanged.
    bool has(size_t line) const { return m_bits[line] != 0; }
    void set(size_t line) { m_bits[line] = 1; }
    void clear(size_t line) { m_bits[line] = 0; }

private:
    std::vector<uint8_t> m_bits;
    size_t m_size;
};

/// Moves the changes on one side; `other` has those on the other side. Without a table they go as far down as possible,
/// as git does without its indent heuristic.
void slide(const LineTable* table, std::span<const uint32_t> lines, ChangedLines& changes, const ChangedLines& other);

} // namespace quire::git
