// WordMatch: finds a block in an earlier text by its words, however its lines were broken and edited.
//
// What is compared are pairs of words that follow each other. A pair that the earlier text has often counts less. Where
// lines stayed whole text_match and block_match know more; this is for what they don't recognise. Both texts must
// outlive this.
#pragma once

#include <optional>
#include <unordered_map>

#include "history/text_match.h"

namespace quire::history {

class WordMatch {
public:
    /// Lines of `before` that are in `not_before` can't be the source of anything, and lines of the block in
    /// `not_after` come from somewhere else. Both must outlive this.
    WordMatch(const SourceLines& before, const LineMask& not_before, const SourceLines& after,
              const LineMask& not_after, LineRange block);

    struct Likeness {
        double common = 0; ///< the weight of the pairs that both have; a pair that occurs once weighs 1
        double block = 0;  ///< the weight of all pairs of the block
        double source = 0; ///< and of the lines before
        /// From 0 to 1.
        double similarity() const { return block + source > 0 ? 2 * common / (block + source) : 0; }
    };
    /// How alike the block and these lines before are.
    Likeness compare(LineRange lines) const;
    /// The lines that are most like the block, none of them in `except`; nullopt if none has anything of it.
    std::optional<LineRange> find(LineRange except = {}) const;

private:
    using Counts = std::unordered_map<uint64_t, uint32_t>;
    double weight_of(uint64_t pair) const;

    const SourceLines& m_before;
    const LineMask& m_not_before;
    const SourceLines& m_after;
    LineRange m_block;
    std::vector<uint64_t> m_pairs;   ///< of the text before
    std::vector<uint32_t> m_line_of; ///< of each pair: the line that its second word is in
    Counts m_counts;                 ///< how often the text before has each
    Counts m_wanted;                 ///< how often the block has each
    double m_block_weight = 0;
};

/// How much of a block's pairs of words a text has, and what another one of them lacks: for choosing the files that are
/// worth a closer look.
class WordSample {
public:
    explicit WordSample(std::string_view block);
    /// The share of the block's pairs that `before` has more often than `after`, from 0 to 1.
    double lost(std::string_view before, std::string_view after) const;
    /// The share that the text has.
    double in(std::string_view text) const { return lost(text, {}); }

private:
    std::unordered_map<uint64_t, uint32_t> m_pairs;
    uint32_t m_all = 0;
};

} // namespace quire::history
