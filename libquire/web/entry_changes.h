// What a tree page says beside each name: the commit that changed it last. Remembered by (commit, directory).
#pragma once

#include <map>
#include <memory>

#include "web/visit.h"

namespace quire::web {

struct EntryChange {
    git_oid commit{};
    std::string subject;
    Instant when = 0;
};

struct EntryChanges {
    std::map<std::string, EntryChange, std::less<>> by_name;
    bool is_complete = false;
};

/// Works until the deadline at most; what is not found by then is left out.
std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository, const git::Place& place,
                                                  const std::vector<git::Entry>& entries, int64_t deadline);

} // namespace quire::web
