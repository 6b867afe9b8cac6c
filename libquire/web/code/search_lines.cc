#include "web/code/search_lines.h"

#include <algorithm>

#include "base/strings.h"
#include "git/tree_diff.h"
#include "web/code/media.h"
#include "web/code/tab_width.h"

namespace quire::web {

/// Memory for as many is there for several readers at a time.
constexpr size_t most_files = 100'000, most_path_bytes = 8u << 20;
constexpr size_t most_counted = 1000;

std::shared_ptr<const SearchTree> search_tree(Site& site, const git::Repository& repository, const git_oid& commit,
                                              const Patience& patience)
{
    auto info = repository.commit(commit);
    if (!info)
        return nullptr;
    std::string key = git::to_string(info->tree);
    if (auto known = site.caches().search_trees.find(key))
        return known;
    SearchTree tree;
    size_t bytes = 0;
    git::TreeBudget budget{.paths = most_files, .path_bytes = most_path_bytes, .patience = patience};
    auto end = git::each_change(repository.objects(), std::nullopt, info->tree, budget, [&](git::TreeChange found) {
        if (found.after->mode == GIT_FILEMODE_COMMIT || found.after->mode == GIT_FILEMODE_LINK)
            return;
        bytes += found.path.size() + sizeof(SearchTree::File) + 16;
        tree.files.push_back({std::move(found.path), search::BlobId::of(found.after->id.id)});
    });
    tree.is_cut = end.is_cut;
    return site.caches().search_trees.keep(key, {std::move(tree), bytes, end.is_late});
}

int remoteness(std::string_view path)
{
    static constexpr std::string_view remote[] = {
        "/test",     "test/",     "/t/",      "_test.",    "/po/",       "po/",      "/doc",  "doc",
        "vendor/",   "third",     "relnotes", "changelog", ".lock",      ".min.",    ".svg",  ".json",
        "generated", "/contrib/", "__test",   "fixture",   "playground", "/example", "/demo", "/bench"};
    std::string folded = "/" + to_lower(path);
    return static_cast<int>(std::count_if(std::begin(remote), std::end(remote), [&](std::string_view part) {
        return folded.find(part) != std::string::npos;
    }));
}

namespace {

/// Whether `path` is this file or lies below this directory.
bool is_below(std::string_view path, std::string_view top)
{
    return top.empty() || (path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/'));
}

struct Candidate {
    const SearchTree::File* file = nullptr;
    std::optional<search::Index::Place> place; ///< nullopt: it is not in the index
    int rank = 0;                              ///< what is lower is looked at first
};

struct Found {
    Candidate candidate;
    search::Hits hits;
    int score = 0;
};

class LineSearcher {
public:
    LineSearcher(const SearchTree& tree, const search::Index* index, const git::Repository& repository,
                 const LineSearch& wanted)
        : m_tree(tree), m_index(index), m_repository(repository), m_wanted(wanted), m_matcher(wanted.query)
    {}

    FoundLines search()
    {
        std::vector<Candidate> candidates = find_candidates();
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
        std::vector<Found> found;
        std::string text;
        for (const Candidate& candidate : candidates) {
            if (found.size() >= m_wanted.files) {
                m_found.is_full = true;
                break;
            }
            if (m_wanted.patience.is_over()) {
                m_found.is_late = true;
                break;
            }
            if (read(candidate, text))
                look(candidate, text, found);
        }
        m_found.is_late = m_found.is_late || m_wanted.patience.is_over();
        std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
        m_found.all_files = found.size();
        TabWidths tab_widths(files_of(m_tree), m_repository);
        for (size_t i = m_wanted.first; i < found.size() && i - m_wanted.first < m_wanted.shown; ++i)
            if (read(found[i].candidate, text)) // once more: only few of what is found is shown
                show(found[i], text, tab_widths);
        return std::move(m_found);
    }

private:
    std::vector<Candidate> find_candidates()
    {
        std::vector<search::DocSet> sets, defining;
        for (const auto& segment : m_index ? m_index->segments() : std::vector<search::Index::SegmentPtr>()) {
            sets.push_back(segment->candidates(m_wanted.query.need));
            defining.emplace_back(segment->docs().size());
            for (const search::Query::Term& term : m_wanted.query.terms)
                for (const search::SymbolPlace& place : segment->symbols(term.written))
                    defining.back().add(place.doc);
        }
        std::vector<Candidate> candidates;
        for (const SearchTree::File& file : m_tree.files) {
            if (!is_below(file.path, m_wanted.path))
                continue;
            Candidate candidate{&file, m_index ? m_index->find(file.id) : std::nullopt};
            if (!candidate.place && m_wanted.only_index)
                continue;
            if (candidate.place && !is_wanted(*candidate.place, sets))
                continue;
            candidate.rank = remoteness(file.path);
            if (candidate.place && defining[candidate.place->segment].has(candidate.place->doc))
                candidate.rank -= definition;
            candidates.push_back(candidate);
        }
        return candidates;
    }

    bool is_wanted(const search::Index::Place& place, const std::vector<search::DocSet>& sets)
    {
        auto state = m_index->segments()[place.segment]->docs()[place.doc].state;
        m_found.left_out += state == search::Segment::State::too_large;
        return state == search::Segment::State::text && sets[place.segment].has(place.doc);
    }

    bool read(const Candidate& candidate, std::string& text)
    {
        if (candidate.place && m_index->segments()[candidate.place->segment]->read(candidate.place->doc, text))
            return true;
        auto blob = m_repository.blob(oid_of(candidate.file->id), search::largest_text);
        m_found.left_out += !blob && blob.error().kind == ErrorKind::refused;
        if (!blob || is_binary(*blob))
            return false;
        text = std::move(*blob);
        return true;
    }

    void look(const Candidate& candidate, std::string_view text, std::vector<Found>& found)
    {
        search::Hits hits = m_matcher.scan(text, m_wanted.lines, most_counted, m_wanted.patience);
        if (hits.count == 0)
            return;
        constexpr size_t enough = 5;
        int score = hits.score - 2 * candidate.rank + static_cast<int>(std::min(hits.count, enough));
        m_found.matches += hits.count;
        found.push_back({candidate, std::move(hits), score});
    }

    void show(const Found& found, std::string_view text, TabWidths& tab_widths)
    {
        const std::string& path = found.candidate.file->path;
        m_found.files.push_back({.path = path,
                                 .lines = shown_lines(path, text, found.hits.lines, m_wanted.around),
                                 .matches = found.hits.count,
                                 .score = found.score,
                                 .tab_width = tab_widths.of(path)});
    }

    static constexpr int definition = 10;
    const SearchTree& m_tree;
    const search::Index* m_index;
    const git::Repository& m_repository;
    const LineSearch& m_wanted;
    search::Matcher m_matcher;
    FoundLines m_found;
};

} // namespace

FoundLines search_lines(const SearchTree& tree, const search::Index* index, const git::Repository& repository,
                        const LineSearch& wanted)
{
    return LineSearcher(tree, index, repository, wanted).search();
}

} // namespace quire::web
