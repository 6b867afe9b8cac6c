// For a tree page: the commit that last changed each entry. Remembered by commit and directory.
#pragma once

#include <memory>

#include "web/site/visit.h"

namespace quire::web {

/// Works until the patience runs out, and leaves out what was not found by then.
std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository,
                                                  const git::Place& place, const std::vector<git::Entry>& entries,
                                                  const Patience& patience);

} // namespace quire::web
