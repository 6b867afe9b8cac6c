#include "git/merge_file.h"

#include <git2.h>

#include <algorithm>
#include <memory>

namespace quire::git {

constexpr size_t most_bytes = 4u << 20, judged_bytes = 8000;
constexpr auto most_lines = 100'000;

static bool can_be_merged(std::string_view text)
{
    return text.size() <= most_bytes && text.substr(0, judged_bytes).find('\0') == std::string_view::npos &&
           std::count(text.begin(), text.end(), '\n') <= most_lines;
}

static git_merge_file_input input_of(std::string_view text)
{
    git_merge_file_input input = GIT_MERGE_FILE_INPUT_INIT;
    input.ptr = text.data();
    input.size = text.size();
    return input;
}

std::optional<MergedText> merge_texts(std::string_view base, std::string_view ours, std::string_view theirs,
                                      Matching matching, InConflict in_conflict)
{
    if (!can_be_merged(base) || !can_be_merged(ours) || !can_be_merged(theirs))
        return std::nullopt;
    git_merge_file_options options = GIT_MERGE_FILE_OPTIONS_INIT;
    options.ancestor_label = "base";
    options.our_label = "one side";
    options.their_label = "the other side";
    unsigned flags = GIT_MERGE_FILE_STYLE_DIFF3;
    if (matching == Matching::patience)
        flags |= GIT_MERGE_FILE_DIFF_PATIENCE;
    if (matching == Matching::minimal)
        flags |= GIT_MERGE_FILE_DIFF_MINIMAL;
    options.flags = flags;
    git_merge_file_input inputs[] = {input_of(base), input_of(ours), input_of(theirs)};
    auto merge = [&](MergedText& merged) {
        git_merge_file_result result{};
        if (git_merge_file(&result, &inputs[0], &inputs[1], &inputs[2], &options) != 0)
            return false;
        merged.text.assign(result.ptr ? result.ptr : "", result.len);
        merged.is_clean = result.automergeable != 0;
        git_merge_file_result_free(&result);
        return true;
    };
    MergedText merged;
    if (!merge(merged))
        return std::nullopt;
    if (merged.is_clean || in_conflict == InConflict::marks)
        return merged;
    options.favor = GIT_MERGE_FILE_FAVOR_OURS;
    if (!merge(merged))
        return std::nullopt;
    merged.is_clean = false;
    return merged;
}

} // namespace quire::git
