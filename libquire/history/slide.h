// Where a change stands that could as well stand some lines further up or down: "}" added behind a "}".
//
// A change is moved to meet one of the other side, else to where indentation and blank lines say that a block begins
// or ends. Lines keep their meaning; only which of several equal lines counts as the new one is decided here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "history/line_table.h"

namespace quire::history {

/// Which lines of one side have changed.
class Changes {
public:
    explicit Changes(size_t lines) : m_bits(lines + 1), m_size(lines) {}
    size_t size() const { return m_size; }
    /// No line behind the last has changed.
    bool has(size_t line) const { return m_bits[line] != 0; }
    void set(size_t line) { m_bits[line] = 1; }
    void clear(size_t line) { m_bits[line] = 0; }

private:
    std::vector<uint8_t> m_bits;
    size_t m_size;
};

/// Moves the changes of one side; `other` are those of the other side.
void slide(const LineTable& table, std::span<const uint32_t> lines, Changes& changes, const Changes& other);

} // namespace quire::history
