// What a pipeline can be fired by besides pushes, as the forge keeps it.
#pragma once

#include "ci/language/pipeline.h"
#include "store/repository_sources.h"

namespace quire::ci {

/// Each source once, in the order of the jobs. REQUIRES: the pipeline is valid.
store::RepositorySources sources_of(const Pipeline& pipeline);

/// A parameter's default as `quire run` and the jobs see it: text.
std::string parameter_text(const text::Data& value);

} // namespace quire::ci
