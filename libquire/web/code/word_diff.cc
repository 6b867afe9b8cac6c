#include "web/code/word_diff.h"

#include <algorithm>
#include <cstdint>

namespace quire::web {

constexpr size_t max_words = 250; ///< per line; comparing takes the product of the numbers of words

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Runs of letters, runs of blanks, and all other bytes one by one.
static std::vector<Span> split_words(std::string_view line)
{
    std::vector<Span> words;
    for (size_t i = 0; i < line.size();) {
        size_t end = i + 1;
        auto in_run = is_word_byte(line[i]) ? is_word_byte : is_blank(line[i]) ? is_blank : nullptr;
        while (in_run && end < line.size() && in_run(line[end]))
            ++end;
        words.push_back({i, end});
        i = end;
    }
    return words;
}

static std::string_view text_of(std::string_view line, const Span& span)
{
    return line.substr(span.begin, span.end - span.begin);
}

static void add_span(std::vector<Span>& spans, const Span& span)
{
    if (!spans.empty() && spans.back().end == span.begin)
        spans.back().end = span.end;
    else
        spans.push_back(span);
}

WordDiff diff_words(std::string_view before, std::string_view after)
{
    std::vector<Span> a = split_words(before), b = split_words(after);
    if (a.empty() || b.empty() || a.size() > max_words || b.size() > max_words)
        return {};
    auto is_same = [&](size_t i, size_t j) { return text_of(before, a[i]) == text_of(after, b[j]); };
    // How much text the rests after word i and word j have in common.
    size_t width = b.size() + 1;
    std::vector<uint32_t> common((a.size() + 1) * width, 0);
    for (size_t i = a.size(); i-- > 0;)
        for (size_t j = b.size(); j-- > 0;) {
            uint32_t best = std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
            if (is_same(i, j))
                best = std::max(best, common[(i + 1) * width + j + 1] + static_cast<uint32_t>(a[i].end - a[i].begin));
            common[i * width + j] = best;
        }
    bool has_little_in_common = common[0] * 3 < std::max(before.size(), after.size());
    if (has_little_in_common)
        return {};
    WordDiff diff;
    size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && is_same(i, j) &&
            common[i * width + j] == common[(i + 1) * width + j + 1] + (a[i].end - a[i].begin))
            ++i, ++j;
        else if (j == b.size() || (i < a.size() && common[(i + 1) * width + j] >= common[i * width + j + 1]))
            add_span(diff.removed, a[i++]);
        else
            add_span(diff.added, b[j++]);
    }
    return diff;
}

} // namespace quire::web
