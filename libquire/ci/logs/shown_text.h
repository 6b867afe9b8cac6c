// ShownText: output without what a reader of a log is not shown, and where each byte that is left stood.
//
// A terminal, a page and `quire logs` drop controls: colours and other escape sequences, most control characters,
// marks without a width. A secret that has one in its midst is shown whole, though its bytes don't stand together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::ci {

class ShownText {
public:
    /// Whether anything in it would be dropped, or may be the beginning of such.
    static bool has_hidden(std::string_view bytes);

    /// Takes bytes from `at` on, of which it leaves at most two for a later call, unless they are the last. Appends to
    /// text and places; yields where it stopped.
    enum class End { more_may_come, final };
    size_t take(std::string_view bytes, size_t at, End end);

    std::string text;
    std::vector<size_t> places; ///< of each byte of text, in `bytes`

    bool in_sequence() const { return m_state != State::text; }
    /// Forgets the first bytes of text, and counts places anew.
    void drop(size_t count, size_t shift);

private:
    enum class State { text, escape, control, string, string_escape };
    bool step(unsigned char byte);

    State m_state = State::text;
};

} // namespace quire::ci
