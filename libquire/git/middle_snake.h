// MiddleSnake: where to divide a comparison, after Myers' "An O(ND) Difference Algorithm and its Variations".
//
// Follows paths of edits from both ends until they meet. If that takes too many edits, it divides at the most promising
// place so far. The place and the limits are the same as git's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quire::git {

/// The lines of both sides that are compared.
struct Box {
    int64_t old_begin = 0, old_end = 0, new_begin = 0, new_end = 0;

    bool is_flat() const { return old_begin == old_end || new_begin == new_end; }
    /// Leaves out the common beginning and end.
    void shrink(std::span<const uint32_t> before, std::span<const uint32_t> after);
};

struct Split {
    int64_t old_at = 0, new_at = 0;
    /// Whether the parts before and after are to be compared without a limit on the effort.
    bool is_exact_before = true, is_exact_after = true;
};

class MiddleSnake {
public:
    MiddleSnake(std::span<const uint32_t> before, std::span<const uint32_t> after);

    /// REQUIRES: the box has been shrunk and is not flat.
    Split find(const Box& box, bool is_exact);

private:
    /// How far the paths from one end have come, by diagonal (the line before minus the line after).
    struct Front {
        int64_t* reach = nullptr;
        int64_t low = 0, high = 0; ///< the diagonals in use
        void widen(int64_t least, int64_t most, int64_t outside);
    };
    bool advance_forward(const Box& box, bool meets, Split& split);
    bool advance_backward(const Box& box, bool meets, Split& split);
    bool find_promising(const Box& box, int64_t edits, Split& split) const;
    bool find_promising_forward(const Box& box, int64_t edits, Split& split) const;
    bool find_promising_backward(const Box& box, int64_t edits, Split& split) const;
    Split give_up(const Box& box) const;
    bool is_run(int64_t old_at, int64_t new_at) const;

    std::span<const uint32_t> m_before, m_after;
    std::vector<int64_t> m_reaches;
    int64_t m_most_edits = 0;
    Front m_forward, m_backward;
    bool m_has_run = false; ///< a path in this round passed a long run of equal lines
};

} // namespace quire::git
