// MovedMarks: which lines of a diff were moved: taken away in one place and added in another, of the same file or of
// another one. Indentation may differ.
//
// A run of lines counts if it has three lines or more and some letters, so that closing brackets alone don't. The work
// grows with the lines of the diff, which is limited; of lines that are many times there only a few places are tried.
#pragma once

#include <unordered_map>
#include <vector>

#include "git/diff.h"

namespace quire::web {

struct MovedMark {
    size_t run = 0; ///< both ends have the same number
    bool is_first = false;
    size_t length = 0; ///< of the run, in lines
    size_t other_file = 0;
    int other_line = 0; ///< where the run begins at the other end
};

class MovedMarks {
public:
    explicit MovedMarks(const git::Diff& diff);
    /// Null if the line of the file with that index was not moved.
    const MovedMark* find(size_t file, const git::DiffLine& line) const;
    size_t runs() const { return m_runs; }

private:
    static uint64_t key_of(size_t file, bool is_added, int number)
    {
        return uint64_t{file} << 33 | uint64_t{is_added} << 32 | static_cast<uint32_t>(number);
    }
    std::unordered_map<uint64_t, MovedMark> m_marks;
    size_t m_runs = 0;
};

} // namespace quire::web
