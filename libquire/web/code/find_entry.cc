#include "web/code/find_entry.h"

#include "history/entry_index.h"
#include "web/site/site.h"

namespace quire::web {

/// Unpacking a top directory of some hundred entries takes longer than all else that the bytes of a small file cost.
static std::optional<git::Entry> find_indexed(const Visit& visit, const git::Place& place)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto index = runs ? history::EntryIndex::open(runs->get()) : Unexpected(std::move(runs).error());
    if (!index || !git::is_same(index->commit(), place.commit))
        return std::nullopt;
    auto found = index->find(place.path);
    return found ? std::optional(git::Entry{std::string(found->name), found->id, found->mode}) : std::nullopt;
}

std::optional<git::Entry> find_entry(const Visit& visit, const git::Repository& repository, const git::Place& place)
{
    auto indexed = find_indexed(visit, place);
    return indexed ? indexed : repository.find(place.commit, place.path);
}

} // namespace quire::web
