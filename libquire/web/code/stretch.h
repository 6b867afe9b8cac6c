// A stretch of a text's lines, taken from its bytes as they arrive in blocks. Lines and bytes are limited, however
// large the text or a line is. What is left out is noted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/highlight.h"

namespace quire::web {

struct StretchLimits {
    uint64_t lines = 10'000;
    size_t bytes = 1u << 20;       ///< the line that reaches this limit is the last one
    size_t line_bytes = 64u << 10; ///< longer lines are cut off here
};

struct Stretch {
    std::string text;                               ///< the lines, each with a newline
    uint64_t first = 1;                             ///< the number of the first line
    uint64_t lines = 0;                             ///< how many lines
    std::vector<std::pair<uint64_t, uint64_t>> cut; ///< lines that were cut, by number, and how many bytes were cut off
    std::optional<uint64_t> total;                  ///< how many lines the whole text has, if it was read to its end
    bool is_binary = false;                         ///< if set, nothing else matters
    bool goes_on = false;                           ///< more lines follow
    std::string_view encoding = {};                 ///< what it was decoded from (text/encoding.h)
    text::Highlighter highlighter{nullptr};         ///< its state before the first line
};

class StretchReader {
public:
    enum class Until { stretch, end }; ///< whether to read on after the stretch, so that the total is known

    /// The name tells the language, so that the lines before the stretch set the highlighter's state. It may be empty.
    StretchReader(uint64_t first, Until until, StretchLimits limits = {}, std::string file_name = {});

    /// Takes the next bytes; false: no more are needed.
    bool take(std::string_view block);
    /// Called when there are no more bytes. `is_whole`: the text ended, rather than being cut off by the caller.
    Stretch finish(bool is_whole);

private:
    void take_piece(std::string_view piece, bool ends_line);
    void end_line();
    void pass(std::string_view piece, bool ends_line);
    bool is_full() const { return m_stretch.lines >= m_limits.lines || m_stretch.text.size() >= m_limits.bytes; }

    Stretch m_stretch;
    Until m_until;
    StretchLimits m_limits;
    uint64_t m_line = 1;      ///< the number of the line being read
    bool m_is_wanted = false; ///< whether that line belongs to the stretch
    uint64_t m_line_size = 0;
    uint64_t m_line_kept = 0;
    uint64_t m_seen = 0;               ///< bytes of the text so far
    std::string m_file_name, m_passed; ///< a line before the stretch, as it arrives
    bool m_knows_language = false;
};

} // namespace quire::web
