// Merges two versions of a text with the one both come from, in memory, as git does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::git {

/// How lines are matched; where one way sees a conflict, another may see none.
enum class Matching { usual, patience, minimal };
/// What takes the place of lines that both changed: those of ours, or all three versions between marks.
enum class InConflict { ours, marks };

struct MergedText {
    std::string text;
    bool is_clean = false; ///< no line was changed by both in different ways
};

/// nullopt if one of them is not text, or too large to be merged here.
std::optional<MergedText> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                      Matching matching = Matching::usual, InConflict in_conflict = InConflict::ours);

} // namespace quire::git
