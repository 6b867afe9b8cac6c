// The reader behind read_fnl and edit_fnl. It follows the rules of Fennel's own reader. Private to text/.
//
// It has a current offset in the source, which must outlive it. read_value reads the value at the offset; skip_blanks
// moves on to the next value, closing bracket or end. As in Fennel, values must be separated by white space, and a
// comment does not count as that.
#pragma once

#include "text/fnl.h"

namespace quire::text {

class FnlReader {
public:
    FnlReader(std::string_view source, std::string_view name) : m_source(source), m_name(name) {}

    size_t offset() const { return m_offset; }
    bool at_end() const { return m_offset >= m_source.size(); }
    bool at(char c) const { return !at_end() && m_source[m_offset] == c; }
    Position position() const;

    enum class Met { blanks, comment };
    /// Skips white space and comments, and says whether there was a comment.
    Met skip_blanks();
    /// Moves to an offset where a value is known to begin.
    void skip_to(size_t offset);
    /// Skips an opening or closing bracket. REQUIRES: one is at the current offset.
    void take_bracket();
    /// `depth` is the number of tables and sequences around the value.
    Result<Data> read_value(size_t depth);
    /// Reads a table's key, which must be a string.
    Result<Data> read_key(size_t depth);
    /// Whether the bracket that closes `open` comes next. The end of the text or another closing bracket is an error.
    Result<bool> at_closer(char open, Position opened);

    template <class... Args>
    Unexpected fail_at(Position position, ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) const
    {
        return fail(kind, "{}:{}:{}: {}", m_name, position.line, position.column,
                    fmt::format(format, std::forward<Args>(args)...));
    }

private:
    template <class... Args>
    Unexpected invalid(fmt::format_string<Args...> format, Args&&... args) const
    {
        return fail_at(position(), ErrorKind::invalid, format, std::forward<Args>(args)...);
    }

    void advance(size_t count = 1);
    Result<void> check_start();
    Result<Data> read_string();
    /// REQUIRES: another byte follows the backslash.
    Result<void> read_escape(std::string& into);
    Result<void> read_byte_escape(std::string& into);
    Result<void> read_unicode_escape(std::string& into);
    Result<Data> read_token();
    Result<Data> read_number(std::string_view token);
    Result<Data> read_sequence(size_t depth);
    Result<Data> read_table(size_t depth);

    std::string_view m_source;
    std::string_view m_name;
    size_t m_offset = 0;
    uint32_t m_line = 1;
    size_t m_line_start = 0;
    bool m_separated = true; ///< white space, or nothing but opening brackets, precedes the offset
};

} // namespace quire::text
