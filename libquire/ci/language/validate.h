// What a whole pipeline must satisfy once all of it is registered. Fail-closed: one diagnostic and it does not run.
//
// What a single registration can get wrong (ids, options, shapes of inputs) is registration.h's; here are the names
// and the graph: inputs that exist, no cycle, a source at the root of everything, bindings that don't collide.
#pragma once

#include <vector>

#include "ci/language/pipeline.h"

namespace quire::ci {

/// Resolves names (":_setup" to ":setup", names to jobs and sources) and appends what is wrong.
void validate(Pipeline& pipeline, std::vector<Diagnostic>& diagnostics);

} // namespace quire::ci
