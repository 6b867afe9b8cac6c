// What a tree page says beside each name: the commit that changed it last. Remembered by (commit, directory).
#pragma once

#include <memory>

#include "web/site/visit.h"

namespace quire::web {

/// Works until the patience is over; what is not found by then is left out.
std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository,
                                                  const git::Place& place, const std::vector<git::Entry>& entries,
                                                  const Patience& patience);

} // namespace quire::web
