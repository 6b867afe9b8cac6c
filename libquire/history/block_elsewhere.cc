#include "history/block_elsewhere.h"

#include <algorithm>

#include "history/certainty.h"
#include "history/word_match.h"

namespace quire::history {

/// Limits on other files, for one commit.
constexpr size_t max_read = 24u << 20, max_files = 1000, max_file = 2u << 20, max_compared = 6;
/// The share of the block's pairs of words that another file must have lost to be compared.
constexpr double least_lost = 0.15;
/// How many lines above and below are looked at: if they moved too, the match is certain.
constexpr uint32_t context = 15;
/// How much more alike a place must be by words alone to be taken in place of one that was recognised by lines.
constexpr double least_gain = 0.15;
/// How alike the code of two places is if it is the same code.
constexpr double least_of_twins = 0.8;
/// The weight that stands for a whole file that moved.
constexpr double most_moved = 400;

namespace {

struct Candidate {
    const git::TreeChange* change = nullptr;
    double lost = 0; ///< the share of the block's pairs of words that the file lost
};

bool is_file(const git::TreeSide& side)
{
    return side.mode == GIT_FILEMODE_BLOB || side.mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/// The weight of what moved from the other file, in and around the block.
double moved_weight(const TextMatch& match, LineRange block)
{
    double weight = 0;
    uint32_t begin = block.begin > context ? block.begin - context : 0;
    uint32_t end = std::min(block.end + context, match.after().size());
    for (uint32_t i = begin; i < end; ++i)
        if (match.origin(i).found())
            weight += double{match.origin(i).similarity} * match.after()[i].weight;
    return weight;
}

class Search {
public:
    Search(Texts& texts, const std::string& path, Text& after, LineRange block, const TextMatch* in_own_file)
        : m_texts(texts), m_path(path), m_after(after), m_block(block),
          m_own(in_own_file ? in_own_file->found_lines() : LineMask(after.lines().size()))
    {}

    /// The files that lost something of the block, those that lost most first.
    std::vector<Candidate> candidates(const Changes& changes, const Patience& patience)
    {
        WordSample sample(m_after.part(m_block));
        std::vector<Candidate> found;
        size_t read = 0, files = 0;
        for (const git::TreeChange& change : changes.all()) {
            if (!change.before || change.path == m_path || !is_file(*change.before))
                continue;
            auto header = m_texts.objects().header(change.before->id);
            if (!header || header->size > max_file || read + header->size > max_read || ++files > max_files ||
                patience.is_over())
                continue;
            read += header->size;
            auto before = m_texts.objects().read(change.before->id, GIT_OBJECT_BLOB, max_file);
            double share = before ? sample.in(before->content()) : 0;
            if (share >= least_lost && change.after && is_file(*change.after))
                if (auto after = m_texts.objects().read(change.after->id, GIT_OBJECT_BLOB, max_file))
                    share = sample.lost(before->content(), after->content());
            if (share >= least_lost)
                found.push_back({&change, share});
        }
        std::stable_sort(found.begin(), found.end(),
                         [](const Candidate& a, const Candidate& b) { return a.lost > b.lost; });
        found.resize(std::min(found.size(), max_compared));
        return found;
    }

    /// Where the block was in the file, and what speaks for it. The rival is one in the same file.
    std::optional<BlockElsewhere> find_in(const git::TreeChange& change)
    {
        auto text = m_texts.read(change.before->id, change.path);
        if (!text)
            return std::nullopt;
        const SourceLines &before = text->lines(), &after = m_after.lines();
        LineMask kept(before.size());
        if (change.after && is_file(*change.after))
            if (auto still = m_texts.read(change.after->id, change.path))
                kept = TextMatch(before, still->lines()).taken_lines();
        WordMatch words(before, kept, after, m_own, m_block);
        TextMatch match(before, kept, after, m_own);
        auto by_lines = find_block(match, m_block);
        auto by_words = words.find();
        if (!by_lines && !by_words)
            return std::nullopt;
        double lines_alike = by_lines ? words.compare(by_lines->lines).similarity() : 0;
        double words_alike = by_words ? words.compare(*by_words).similarity() : 0;
        bool is_by_lines = by_lines && lines_alike + least_gain >= words_alike;
        LineRange lines = is_by_lines ? by_lines->lines : *by_words;
        WordMatch::Likeness likeness = words.compare(lines);
        Evidence evidence{likeness.similarity(), likeness.common, is_by_lines ? by_lines->similarity : 0,
                          moved_weight(match, m_block), 0};
        if (auto rival = words.find(lines); rival && !are_twins(change, lines, change, *rival))
            evidence.rival = words.compare(*rival).similarity();
        return BlockElsewhere{change.path, lines, quire::history::compare(before, lines, after, m_block),
                              evidence.alike(), evidence};
    }

    /// Whether both places have the same code. Then two became one, and neither is the other's rival.
    bool are_twins(const git::TreeChange& change, LineRange lines, const git::TreeChange& other, LineRange other_lines)
    {
        auto text = m_texts.read(change.before->id, change.path);
        auto other_text = m_texts.read(other.before->id, other.path);
        if (!text || !other_text)
            return false;
        LineMask none(text->lines().size()), other_none(other_text->lines().size());
        WordMatch match(text->lines(), none, other_text->lines(), other_none, other_lines);
        return match.compare(lines).similarity() >= least_of_twins;
    }

private:
    Texts& m_texts;
    const std::string& m_path;
    Text& m_after;
    LineRange m_block;
    LineMask m_own; ///< lines that the block's own file had
};

} // namespace

std::optional<BlockElsewhere> find_block_elsewhere(Texts& texts, const Changes& changes, const std::string& path,
                                                   const git_oid& blob, LineRange block, const TextMatch* in_own_file,
                                                   const Patience& patience)
{
    auto after = texts.read(blob, path);
    if (!after)
        return std::nullopt;
    Search search(texts, path, *after, block, in_own_file);
    std::vector<std::pair<BlockElsewhere, const git::TreeChange*>> found;
    for (const Candidate& candidate : search.candidates(changes, patience)) {
        if (patience.is_over())
            break;
        if (auto one = search.find_in(*candidate.change))
            found.emplace_back(std::move(*one), candidate.change);
    }
    if (found.empty())
        return std::nullopt;
    auto best = std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return strength_of(a.first.evidence) < strength_of(b.first.evidence);
    });
    Evidence& evidence = best->first.evidence;
    for (const auto& [one, change] : found) {
        bool is_rival = change != best->second && one.evidence.alike() > evidence.rival &&
                        !search.are_twins(*best->second, best->first.lines, *change, one.lines);
        if (is_rival)
            evidence.rival = one.evidence.alike();
    }
    return std::move(best->first);
}

Evidence evidence_in_renamed(Text& before, LineRange lines, Text& after, LineRange block, double similarity)
{
    const SourceLines &old_text = before.lines(), &text = after.lines();
    LineMask none(old_text.size()), none_after(text.size());
    auto likeness = WordMatch(old_text, none, text, none_after, block).compare(lines);
    return {likeness.similarity(), likeness.common, similarity, most_moved, 0};
}

} // namespace quire::history
