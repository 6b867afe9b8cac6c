#include "web/code/symbols.h"

#include <string.h>

#include <algorithm>

#include "web/code/media.h"
#include "web/code/search_lines.h"

namespace quire::web {

using search::Symbol;
using search::SymbolKind;

constexpr size_t most_definitions = 1000;

static std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }
static std::string_view ending_of(std::string_view path)
{
    size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(dot);
}

/// Prefers what is near the place where somebody asks, then source to tests, and a function to a field of its name.
static int rank_of(const Definition& found, std::string_view from)
{
    constexpr int by_kind[search::symbol_kinds] = {0, 0, 1, 8, 40};
    int rank = by_kind[static_cast<size_t>(found.kind)] + 6 * remoteness(found.path);
    rank += static_cast<int>(std::count(found.path.begin(), found.path.end(), '/'));
    if (from.empty())
        return rank;
    if (found.path == from)
        rank -= 30;
    else if (directory_of(found.path) == directory_of(from))
        rank -= 6;
    bool is_alike = ending_of(found.path) == ending_of(from);
    return is_alike ? rank - 3 : rank;
}

namespace {

class DefinitionFinder {
public:
    DefinitionFinder(const search::Index* index, const git::Repository& repository, std::string_view name,
                     std::string_view from, const Patience& patience)
        : m_index(index), m_repository(repository), m_name(name), m_from(from), m_patience(patience)
    {}

    Definitions find(const SearchTree& tree)
    {
        std::vector<search::DocSet> defining;
        std::vector<std::vector<search::SymbolPlace>> places;
        for (const auto& segment : m_index ? m_index->segments() : std::vector<search::Index::SegmentPtr>()) {
            defining.emplace_back(segment->docs().size());
            places.push_back(segment->symbols(m_name));
            for (const search::SymbolPlace& place : places.back())
                defining.back().add(place.doc);
        }
        for (const SearchTree::File& file : tree.files) {
            m_found.is_late = m_patience.is_over();
            if (m_found.is_late || m_found.all.size() >= most_definitions)
                break;
            auto known = m_index ? m_index->find(file.id) : std::nullopt;
            if (!known)
                look_into(file);
            else if (defining[known->segment].has(known->doc))
                for (const search::SymbolPlace& place : places[known->segment])
                    if (place.doc == known->doc)
                        add(file, place.line, place.kind);
        }
        std::stable_sort(m_found.all.begin(), m_found.all.end(),
                         [](const Definition& a, const Definition& b) { return a.rank < b.rank; });
        return std::move(m_found);
    }

private:
    void look_into(const SearchTree::File& file)
    {
        auto content = m_repository.blob(oid_of(file.id), search::largest_text);
        if (!content || is_binary(*content) ||
            !::memmem(content->data(), content->size(), m_name.data(), m_name.size()))
            return;
        for (const Symbol& symbol : search::find_symbols(file.path, *content))
            if (symbol.name == m_name)
                add(file, symbol.line, symbol.kind);
    }

    void add(const SearchTree::File& file, uint32_t line, SymbolKind kind)
    {
        Definition found{file.path, file.id, line, kind};
        found.rank = rank_of(found, m_from);
        m_found.all.push_back(std::move(found));
    }

    const search::Index* m_index;
    const git::Repository& m_repository;
    std::string_view m_name, m_from;
    const Patience& m_patience;
    Definitions m_found;
};

} // namespace

Definitions find_definitions(const SearchTree& tree, const search::Index* index, const git::Repository& repository,
                             std::string_view name, std::string_view from, const Patience& patience)
{
    return DefinitionFinder(index, repository, name, from, patience).find(tree);
}

} // namespace quire::web
