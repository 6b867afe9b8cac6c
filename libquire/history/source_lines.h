// SourceLines: a text for the search for moved and changed lines, as lines with tokens and an indentation.
//
// Two lines with the same tokens count as the same line, whatever their indentation and spacing. If the language is
// known (text/highlight), comments are told apart from code; nothing else about the language is used.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace quire::history {

/// The lines from `begin` up to but not including `end`, counted from 0.
struct LineRange {
    uint32_t begin = 0, end = 0;
    uint32_t size() const { return end - begin; }
    bool empty() const { return begin >= end; }
    bool holds(uint32_t line) const { return line >= begin && line < end; }
    bool operator==(const LineRange&) const = default;
};

struct SourceToken {
    uint32_t hash = 0;
    char bracket = 0; ///< one of ([{}]) in code, otherwise 0
    bool is_word = false;
    bool is_comment = false;
};

class SourceLines {
public:
    /// The text must outlive this. `path` determines the language.
    SourceLines(std::string_view text, std::string_view path);

    struct Line {
        std::string_view text;
        uint32_t first_token = 0, end_token = 0;
        uint32_t number = 0; ///< a hash of its tokens; equal lines have equal numbers
        uint16_t indent = 0; ///< in columns
        uint16_t weight = 0; ///< how much the line counts: its words, and a little for what is between them
        uint16_t code = 0;   ///< the part of `weight` that is not in comments
        bool is_blank = true;
    };
    const std::vector<Line>& lines() const { return m_lines; }
    uint32_t size() const { return static_cast<uint32_t>(m_lines.size()); }
    const Line& operator[](uint32_t line) const { return m_lines[line]; }
    std::span<const SourceToken> tokens(uint32_t line) const;
    std::span<const SourceToken> tokens(LineRange lines) const;

private:
    void add_piece(std::string_view piece, bool is_comment, bool is_string);
    void add_token(SourceToken token);
    void end_line(std::string_view text);

    std::vector<Line> m_lines;
    std::vector<SourceToken> m_tokens;
};

enum class Sameness { same, blanks, comments, differs };
/// How two stretches of lines differ: not at all, in blanks, also in comments, or in code.
Sameness compare(const SourceLines& before, LineRange old_lines, const SourceLines& after, LineRange new_lines);

/// What two lines have in common, as a share of all that they have, from 0 to 1.
double similarity(const SourceLines& before, uint32_t old_line, const SourceLines& after, uint32_t new_line);

} // namespace quire::history
