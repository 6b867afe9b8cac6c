// ShownText: output without the bytes that a log's reader does not see, with the original position of each byte left.
//
// Terminals, pages and `quire logs` drop controls: colours and other escape sequences, most control characters, and
// zero-width marks. If a secret has such bytes in its midst, a reader still sees the whole secret.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::ci {

class ShownText {
public:
    /// Whether anything would be dropped, or may be the beginning of something that would be.
    static bool has_hidden(std::string_view bytes);

    /// Adds the bytes from `at` on to text and places, and returns where it stopped. Unless they are the last bytes, it
    /// may leave up to two for a later call.
    enum class End { more_may_come, final };
    size_t take(std::string_view bytes, size_t at, End end);

    std::string text;
    std::vector<size_t> places; ///< for each byte of text, its position in `bytes`

    bool in_sequence() const { return m_state != State::text; }
    /// Removes the first `count` bytes of text and moves places back by `shift`.
    void drop(size_t count, size_t shift);

private:
    enum class State { text, escape, control, string, string_escape };
    bool step(unsigned char byte);

    State m_state = State::text;
};

} // namespace quire::ci
