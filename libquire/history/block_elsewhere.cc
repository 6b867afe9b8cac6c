#include "history/block_elsewhere.h"

#include <algorithm>
#include <unordered_map>

#include "base/strings.h"
#include "history/line_match.h"

namespace quire::history {

/// Limits on other files, for one commit.
constexpr size_t max_read = 24u << 20, max_files = 1000, max_file = 2u << 20, max_compared = 6;
/// The share of the block's lines that another file must have to be compared.
constexpr double least_overlap = 0.4;
constexpr double least_similarity = 0.5;
/// How many lines above and below are looked at: if they moved too, the match is certain.
constexpr uint32_t context = 15;
/// The weight that must have moved together, block and neighbours: every file has a brace or a "return null".
constexpr double least_weight = 40;

namespace {

struct Candidate {
    const git::TreeChange* change = nullptr;
    double overlap = 0;
};

bool is_file(const git::TreeSide& side)
{
    return side.mode == GIT_FILEMODE_BLOB || side.mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/// How much of the block's lines, by weight, a text has.
class Overlap {
public:
    Overlap(const SourceLines& text, LineRange block)
    {
        for (uint32_t i = block.begin; i < block.end; ++i) {
            if (text[i].weight == 0)
                continue;
            m_lines[trim(text[i].text)] += text[i].weight;
            m_all += text[i].weight;
        }
    }
    double in(std::string_view other) const
    {
        auto lines = m_lines;
        double common = 0;
        for (std::string_view line : lines_of(other))
            if (auto found = lines.find(trim(line)); found != lines.end()) {
                common += found->second;
                lines.erase(found);
            }
        return m_all > 0 ? common / m_all : 0;
    }

private:
    std::unordered_map<std::string_view, double> m_lines;
    double m_all = 0;
};

/// The weight of what moved from the other file, in and around the block.
double moved_weight(const TextMatch& match, LineRange block)
{
    double weight = 0;
    uint32_t begin = block.begin > context ? block.begin - context : 0;
    uint32_t end = std::min(block.end + context, match.after().size());
    for (uint32_t i = begin; i < end; ++i)
        if (match.origin(i).found())
            weight += match.origin(i).similarity * match.after()[i].weight;
    return weight;
}

} // namespace

std::optional<BlockElsewhere> find_block_elsewhere(Texts& texts, const Changes& changes, const std::string& path,
                                                   const git_oid& blob, LineRange block, const TextMatch* in_own_file,
                                                   const Patience& patience)
{
    auto after = texts.read(blob, path);
    if (!after)
        return std::nullopt;
    Overlap overlap(after->lines(), block);
    std::vector<Candidate> candidates;
    size_t read = 0, files = 0;
    for (const git::TreeChange& change : changes.all()) {
        if (!change.before || change.path == path || !is_file(*change.before))
            continue;
        auto header = texts.objects().header(change.before->id);
        if (!header || header->size > max_file || read + header->size > max_read || ++files > max_files ||
            patience.is_over())
            continue;
        read += header->size;
        auto other = texts.objects().read(change.before->id, GIT_OBJECT_BLOB, max_file);
        double share = other ? overlap.in(git::content_of(*other)) : 0;
        if (share >= least_overlap)
            candidates.push_back({&change, share});
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.overlap > b.overlap; });
    candidates.resize(std::min(candidates.size(), max_compared));
    std::optional<BlockElsewhere> best;
    double best_weight = 0;
    for (const Candidate& candidate : candidates) {
        auto before = texts.read(candidate.change->before->id, candidate.change->path);
        if (!before || patience.is_over())
            continue;
        const SourceLines& lines = before->lines();
        LineMask kept(lines.size());
        if (candidate.change->after && is_file(*candidate.change->after))
            if (auto still = texts.read(candidate.change->after->id, candidate.change->path))
                kept = TextMatch(lines, still->lines()).taken_lines();
        TextMatch match(lines, std::move(kept), after->lines(),
                        in_own_file ? in_own_file->found_lines() : LineMask(after->lines().size()));
        auto origin = find_block(match, block);
        if (!origin || origin->similarity < least_similarity)
            continue;
        double weight = moved_weight(match, block);
        if (weight < least_weight || weight <= best_weight)
            continue;
        best_weight = weight;
        best = BlockElsewhere{candidate.change->path, origin->lines,
                              compare(lines, origin->lines, after->lines(), block), origin->similarity};
    }
    return best;
}

} // namespace quire::history
