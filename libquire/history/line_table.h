// LineTable: numbers for lines, so that texts can be compared as arrays of integers.
//
// Equal lines, with their newline, have equal numbers. A line's bytes are kept once, however many versions of a file
// have it: a history of a thousand versions costs little more than its different lines. Numbers last as long as the
// table. The hash has a random key: nobody can push lines that all fall into one slot. Not for two threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace quire::history {

/// A text as the numbers of its lines. The last one may lack its newline.
using NumberedText = std::vector<uint32_t>;

class LineTable {
public:
    LineTable();

    NumberedText number(std::string_view text);
    /// The same for a text of which another version is numbered already: what both begin and end with is not looked up
    /// again.
    NumberedText number_like(std::string_view text, std::string_view known_text, const NumberedText& known);

    std::string_view line(uint32_t number) const { return m_lines[number].bytes; }
    /// Columns before the first character that is no blank; -1 where there is none.
    int indent(uint32_t number) const { return m_lines[number].indent; }
    /// How many different lines there are.
    size_t size() const { return m_lines.size(); }

private:
    struct Line {
        std::string_view bytes;
        int indent = 0;
    };
    struct Slot {
        uint64_t hash = 0;
        uint32_t number = UINT32_MAX;
    };
    uint32_t number_of(std::string_view line);
    void append(std::string_view text, NumberedText& numbers);
    uint64_t hash(std::string_view line) const;
    std::string_view keep(std::string_view line);
    void grow();

    uint64_t m_key;
    std::vector<Line> m_lines;
    std::vector<Slot> m_slots; ///< a power of two, at most half full
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_free = nullptr; ///< in the last block
    size_t m_left = 0;
};

} // namespace quire::history
