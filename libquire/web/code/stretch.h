// A stretch of a text's lines, taken from its bytes as they come in blocks: bounded in lines and bytes, however large
// the text and however long a line of it is. What is left out is told.
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
    size_t bytes = 1u << 20;       ///< the line that reaches it is the last
    size_t line_bytes = 64u << 10; ///< what a line has beyond is cut off
};

struct Stretch {
    std::string text;                               ///< the lines, each with a newline
    uint64_t first = 1;                             ///< the number of the first
    uint64_t lines = 0;                             ///< how many
    std::vector<std::pair<uint64_t, uint64_t>> cut; ///< a line's number, and how many bytes of it were cut off
    std::optional<uint64_t> total;                  ///< lines of the whole text, where it was read to its end
    bool is_binary = false;                         ///< nothing else counts then
    bool goes_on = false;                           ///< there are lines behind the last one
    text::Highlighter highlighter{nullptr};         ///< as it stands before the first line
};

class StretchReader {
public:
    enum class Until { stretch, end }; ///< whether to go on behind the stretch, so that the total is known

    /// The name tells the language, so that the lines in front can be highlighted; empty: they need not be.
    StretchReader(uint64_t first, Until until, StretchLimits limits = {}, std::string file_name = {});

    /// The next bytes; false: no more are wanted.
    bool take(std::string_view block);
    /// When there are no more bytes: `is_whole` if it was the text's end and not the taker's.
    Stretch finish(bool is_whole);

private:
    void take_piece(std::string_view piece, bool ends_line);
    void end_line();
    void pass(std::string_view piece, bool ends_line);
    bool is_full() const { return m_stretch.lines >= m_limits.lines || m_stretch.text.size() >= m_limits.bytes; }

    Stretch m_stretch;
    Until m_until;
    StretchLimits m_limits;
    uint64_t m_line = 1;      ///< the number of the line that is being read
    bool m_is_wanted = false; ///< whether that one belongs to the stretch
    uint64_t m_line_size = 0;
    uint64_t m_line_kept = 0;
    uint64_t m_seen = 0;               ///< bytes of the text
    std::string m_file_name, m_passed; ///< a line in front of the stretch, as it comes
    bool m_knows_language = false;
};

} // namespace quire::web
