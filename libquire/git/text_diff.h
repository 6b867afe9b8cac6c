// The hunks of two texts with their lines, byte for byte as libgit2 gives them, which contains git's own code.
//
// What both texts begin and end with is only compared and counted: a changed file is mostly what it was, and libgit2
// gives each of its lines an entry of its own before it compares any. The texts must outlive what is handed over.
#pragma once

#include <functional>
#include <string_view>

namespace quire::git {

struct TextLine {
    char origin = ' ';                    ///< ' ', '+', '-'; '\\' for "no newline at the end"
    int old_number = -1, new_number = -1; ///< -1: it is not in that text
    std::string_view text;                ///< with its newline
};

struct HunkTaker {
    std::function<void(std::string_view header)> take_hunk; ///< "@@ -1,2 +3,4 @@ context"
    std::function<void(const TextLine&)> take_line;
};

/// Three lines around each change. Changes that could be some lines further up or down are as far down as possible.
void diff_texts(std::string_view before, std::string_view after, const HunkTaker& taker);

} // namespace quire::git
