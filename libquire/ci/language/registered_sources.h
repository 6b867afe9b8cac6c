// The sources of a pipeline, besides pushes, in the form in which the forge stores them.
#pragma once

#include "ci/language/pipeline.h"
#include "store/repository_sources.h"

namespace quire::ci {

/// Each source once, in the order of the jobs. REQUIRES: the pipeline is valid.
store::RepositorySources sources_of(const Pipeline& pipeline);

/// A parameter's default as text, which is how `quire run` and the jobs see it.
std::string parameter_text(const text::Data& value);

} // namespace quire::ci
