// MiddleSnake: where to cut a comparison in two, after Myers' "An O(ND) Difference Algorithm and its Variations".
//
// Paths of edits are followed from both ends at once until they meet. What takes too many edits is cut at the most
// promising place so far. Where exactly, and after how many edits, is as git has it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quire::history {

/// The lines of both sides that are compared with each other.
struct Box {
    int64_t old_begin = 0, old_end = 0, new_begin = 0, new_end = 0;

    bool is_flat() const { return old_begin == old_end || new_begin == new_end; }
    /// Leaves out what both sides begin and end with.
    void shrink(std::span<const uint32_t> before, std::span<const uint32_t> after);
};

struct Split {
    int64_t old_at = 0, new_at = 0;
    /// Whether the part in front of it, or behind it, is to be compared without a limit on the effort.
    bool is_exact_before = true, is_exact_after = true;
};

class MiddleSnake {
public:
    MiddleSnake(std::span<const uint32_t> before, std::span<const uint32_t> after);

    /// REQUIRES: the box was shrunk and is not flat.
    Split find(const Box& box, bool is_exact);

private:
    /// How far paths from one end have come, by diagonal (a place's line before minus its line after).
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
    bool m_has_run = false; ///< a path of this round went through a long run of equal lines
};

} // namespace quire::history
