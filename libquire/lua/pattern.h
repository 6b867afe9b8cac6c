// Matches Lua's string patterns, as the manual describes them, within the machine's time limit.
//
// The library's own matcher can take exponential time in one C call, which no hook can interrupt. This one raises an
// error when the machine's time is up. For a malformed pattern it raises the same errors as the library.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "lua/api.h"

namespace quire::lua {

class Pattern {
public:
    Pattern(lua_State* lua, std::string_view subject, std::string_view pattern)
        : m_lua(lua), m_subject(subject), m_pattern(pattern)
    {}

    /// Matches exactly at `start`. Returns the end of the match and leaves the captures.
    std::optional<size_t> match_at(size_t start);

    size_t captures() const { return m_captures; }
    /// Pushes capture `index`, or the whole match if there are no captures and `index` is 0.
    void push_capture(size_t index, size_t start, size_t end) const;
    /// Pushes all captures, or the whole match if there are none and `whole` is set. Returns how many values it pushed.
    int push_captures(size_t start, size_t end, bool whole) const;

private:
    static constexpr size_t max_captures = 32;
    static constexpr int max_depth = 200;
    static constexpr ptrdiff_t open_capture = -1;
    static constexpr ptrdiff_t position_capture = -2;
    struct Capture {
        size_t start = 0;
        ptrdiff_t length = 0;
    };

    std::optional<size_t> match(size_t at, size_t item);
    std::optional<size_t> match_capture_start(size_t at, size_t item, ptrdiff_t kind);
    std::optional<size_t> match_capture_end(size_t at, size_t item);
    std::optional<size_t> match_balanced(size_t at, size_t item) const;
    std::optional<size_t> match_back_reference(size_t at, size_t item) const;
    std::optional<size_t> match_greedy(size_t at, size_t item, size_t next);
    std::optional<size_t> match_lazy(size_t at, size_t item, size_t next);
    bool frontier(size_t at, size_t set) const;
    size_t item_end(size_t item) const;
    bool single(size_t at, size_t item, size_t next) const;
    bool in_set(unsigned char byte, size_t set, size_t end) const;
    static bool in_class(unsigned char byte, unsigned char name);
    unsigned char subject_at(size_t at) const;
    void tick() const;

    lua_State* m_lua;
    std::string_view m_subject;
    std::string_view m_pattern;
    std::array<Capture, max_captures> m_capture{};
    size_t m_captures = 0;
    int m_depth = 0;
    mutable unsigned m_ticks = 0;
};

} // namespace quire::lua
