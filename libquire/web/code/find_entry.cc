#include "web/code/find_entry.h"

#include "web/site/site.h"

namespace quire::web {

void EntryFinder::open_index()
{
    m_has_begun = true;
    auto runs = m_visit.site.open_runs(*m_visit.repository);
    auto index = runs ? history::EntryIndex::open(runs->get()) : Unexpected(std::move(runs).error());
    if (index && git::is_same(index->commit(), m_commit))
        m_index = std::move(*index);
}

/// Unpacking a top directory of some hundred entries takes longer than all else that the bytes of a small file cost.
std::optional<git::Entry> EntryFinder::find(const std::string& path)
{
    if (!m_has_begun)
        open_index();
    if (!m_index || !m_index->knows_directory_of(path))
        return m_repository.find(m_commit, path);
    auto found = m_index->find(path);
    return found ? std::optional(git::Entry{std::string(found->name), found->id, found->mode}) : std::nullopt;
}

} // namespace quire::web
