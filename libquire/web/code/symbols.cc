#include "web/code/symbols.h"

#include <string.h>

#include <algorithm>
#include <cctype>

#include "base/strings.h"
#include "text/highlight.h"
#include "web/code/media.h"
#include "web/code/search_lines.h"

namespace quire::web {

using search::Symbol;
using search::SymbolKind;

constexpr size_t most_definitions = 1000;
constexpr int behind_type = 35;
constexpr size_t most_read = 20; ///< definitions whose texts are looked at

static std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }
static std::string_view ending_of(std::string_view path)
{
    size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(dot);
}

/// Whether files with these endings can use what the others define.
static bool are_alike(std::string_view one, std::string_view other)
{
    static constexpr std::string_view families[] = {" .c .h .cc .cpp .cxx .hh .hpp .hxx .in ",
                                                    " .js .ts .jsx .tsx .mjs .cjs .mts .cts .vue .svelte ",
                                                    " .clj .cljc .cljs .java ",
                                                    " .kt .kts .java ",
                                                    " .scala .java ",
                                                    " .pl .pm .t "};
    auto is_in = [](std::string_view family, std::string_view ending) {
        size_t at = ending.empty() ? std::string_view::npos : family.find(ending);
        return at != std::string_view::npos && family[at + ending.size()] == ' ';
    };
    return one == other || std::any_of(std::begin(families), std::end(families), [&](std::string_view family) {
               return is_in(family, one) && is_in(family, other);
           });
}

/// How many directories two paths have in common.
static int common_directories(std::string_view one, std::string_view other)
{
    auto differ = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
    return static_cast<int>(std::count(one.begin(), differ, '/'));
}

/// What a file of a script keeps for itself, seen from another one.
static bool is_private(const Definition& found, std::string_view from)
{
    std::string_view ending = ending_of(found.path);
    return found.kind == SymbolKind::field && !from.empty() && found.path != from && ending.size() <= 4 &&
           (ending.ends_with("js") || ending.ends_with("ts") || ending.ends_with("sx"));
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
    rank -= 3 * common_directories(found.path, from);
    return are_alike(ending_of(found.path), ending_of(from)) ? rank - 12 : rank;
}

/// An enumerator of Rust. One is used through its type, "Kind::Name", unless a file imports it.
static bool is_variant(const Definition& found, std::string_view name)
{
    return found.kind == SymbolKind::constant && found.path.ends_with(".rs") &&
           std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Whether a text of Rust has the name behind a type's, as in "Kind::Name"; "fmt::Name" has it behind a module's.
static bool is_used_as_variant(std::string_view text, std::string_view name)
{
    for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        std::string_view before = text.substr(0, at);
        if (!before.ends_with("::"))
            continue;
        before.remove_suffix(2);
        size_t end = before.size();
        while (end > 0 && (before[end - 1] == '_' || std::isalnum(static_cast<unsigned char>(before[end - 1]))))
            --end;
        if (end < before.size() && before[end] >= 'A' && before[end] <= 'Z')
            return true;
    }
    return false;
}

/// Names of Rust's library that are written without a path: what can be derived, and what its table knows.
static bool is_of_rust(std::string_view name)
{
    static constexpr std::string_view derived[] = {"Debug", "Hash", "Display", "Error", "Write", "Read"};
    return std::find(std::begin(derived), std::end(derived), name) != std::end(derived) ||
           text::has_meaning(*text::language_named("rust"), name);
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
        put_private_functions_behind();
        put_variants_behind(tree);
        // A constructor has the name of its type. In C, a function of that name has nothing to do with it.
        bool has_type = std::any_of(m_found.all.begin(), m_found.all.end(),
                                    [](const Definition& found) { return found.kind == SymbolKind::type; });
        for (Definition& found : m_found.all)
            if (has_type && found.kind == SymbolKind::function && ending_of(found.path) != ".c")
                found.rank += behind_type;
        std::stable_sort(m_found.all.begin(), m_found.all.end(),
                         [](const Definition& a, const Definition& b) { return a.rank < b.rank; });
        return std::move(m_found);
    }

private:
    /// A static function of another file of C can't be meant.
    void put_private_functions_behind()
    {
        size_t in_c = 0;
        for (Definition& found : m_found.all) {
            if (ending_of(found.path) != ".c" || found.path == m_from || found.kind != SymbolKind::function)
                continue;
            if (++in_c > most_read)
                return;
            auto content = m_found.all.size() > 1 ? m_repository.blob(oid_of(found.blob), search::largest_text)
                                                  : fail(ErrorKind::not_found, "it is the only one");
            if (content && is_static(*content, found.line))
                found.rank += behind_type;
        }
    }

    /// "Clone" in "#[derive(Clone)]" is no enumerator of that name, whatever file has one.
    void put_variants_behind(const SearchTree& tree)
    {
        auto file = std::find_if(tree.files.begin(), tree.files.end(),
                                 [&](const SearchTree::File& one) { return one.path == m_from; });
        bool has_variant = std::any_of(m_found.all.begin(), m_found.all.end(),
                                       [&](const Definition& found) { return is_variant(found, m_name); });
        if (!has_variant || !m_from.ends_with(".rs") || file == tree.files.end())
            return;
        auto content = m_repository.blob(oid_of(file->id), search::largest_text);
        if (!content || is_used_as_variant(*content, m_name))
            return;
        if (is_of_rust(m_name))
            std::erase_if(m_found.all, [&](const Definition& found) { return is_variant(found, m_name); });
        for (Definition& found : m_found.all)
            if (is_variant(found, m_name) && found.path != m_from)
                found.rank += behind_type;
    }

    /// On its line, or on the one before, where that has the type of what it returns.
    static bool is_static(std::string_view text, uint32_t line)
    {
        std::string_view before;
        for (uint32_t number = 1; number < line; ++number)
            before = take_until(text, '\n');
        return text.starts_with("static ") ||
               (before.starts_with("static ") && before.find(';') == std::string_view::npos);
    }

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
        if (is_private(found, m_from))
            return;
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
