// For a tree page: the commit that last changed each entry. Remembered by commit and directory.
#pragma once

#include <memory>

#include "history/entry_index.h"
#include "web/site/visit.h"

namespace quire::web {

/// Works until the patience runs out, and leaves out what was not found by then. With the index (null: there is none)
/// it need not look further back than to the index's commit.
std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository,
                                                  const git::Place& place, const std::vector<git::Entry>& entries,
                                                  const history::EntryIndex* index, const Patience& patience);

} // namespace quire::web
