// Checks a whole pipeline once everything is registered. A single diagnostic keeps it from running.
//
// registration.h checks what one registration can get wrong (ids, options, shapes of inputs). Here the names and the
// graph are checked: inputs exist, there is no cycle, everything begins at a source, bindings don't collide.
#pragma once

#include <vector>

#include "ci/language/pipeline.h"

namespace quire::ci {

/// Resolves names (":_setup" to ":setup", names to jobs and sources) and appends all errors.
void validate(Pipeline& pipeline, std::vector<Diagnostic>& diagnostics);

} // namespace quire::ci
