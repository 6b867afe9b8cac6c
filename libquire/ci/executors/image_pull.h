// Fetches the images of a pipeline before a run needs them.
//
// An engine takes an image over when all of it has come, so one that could not be fetched leaves nothing that a run
// would use. These calls start the engine and wait for it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ci/executors/image_context.h"
#include "ci/language/pipeline.h"

namespace quire::ci {

/// What the jobs run in, in their order and each once; then, if a job runs in the image of .quire/Dockerfile, what that
/// is built from.
std::vector<std::string> images_of(const Pipeline& pipeline, const ImageContext* dockerfile);

/// Whether a job runs in the image of .quire/Dockerfile, if there is one.
bool uses_dockerfile(const Pipeline& pipeline);

bool has_image(const std::string& engine, const std::string& image);

/// REQUIRES: the engine does not have it. The error is what the engine says.
Result<void> pull_image(const std::string& engine, const std::string& image);

} // namespace quire::ci
