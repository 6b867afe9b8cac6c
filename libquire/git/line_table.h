// LineTable: numbers for lines, so that texts can be compared as arrays of integers.
//
// Equal lines, including their newlines, have equal numbers. A line's bytes are stored once, however many versions of a
// file have it. Numbers are valid as long as the table. The hash has a random key, so nobody can push lines that all
// fall into one slot. Only one thread may use it at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace quire::git {

/// A text as the numbers of its lines. The last line may lack its newline.
using NumberedText = std::vector<uint32_t>;

/// The same in the whole process, and another one in the next.
uint64_t hash_of_line(std::string_view line);

class LineTable {
public:
    LineTable() : m_slots(1024) {}

    NumberedText number(std::string_view text);
    /// Numbers a text of which another version has been numbered: their common beginning and end are not looked up
    /// again.
    NumberedText number_like(std::string_view text, std::string_view known_text, const NumberedText& known);

    std::string_view line(uint32_t number) const { return m_lines[number].bytes; }
    /// The columns before the first character that is not blank; -1 if there is none.
    int indent(uint32_t number) const { return m_lines[number].indent; }
    /// The number of distinct lines.
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
    std::string_view keep(std::string_view line);
    void grow();

    std::vector<Line> m_lines;
    std::vector<Slot> m_slots; ///< the size is a power of two; at most half full
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_free = nullptr; ///< within the last block
    size_t m_left = 0;
};

} // namespace quire::git
