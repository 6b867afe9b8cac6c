// Known: what the runner remembers of repositories, so that it need not start git, or read what has not changed.
#pragma once

#include "runner/facts.h"
#include "runner/known_objects.h"
#include "runner/known_refs.h"

namespace quire::runner {

struct Known {
    KnownChanges changes;
    KnownObjects objects;
    KnownRefs refs;
};

} // namespace quire::runner
