// When the images that were built from Dockerfiles were used last, so that those that nobody uses any more can go: each
// change of a Dockerfile or of a file beside it makes a new one.
//
// The date of a small file is the date of an image's last use. Losing the files is harmless: then an image counts as
// used when it was built, and at worst one is built again. Images that were pulled are the operator's own.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::ci {

/// `directory` is made if it is missing; if it is empty, nothing is noted. Failures are ignored.
void note_image_use(const std::string& directory, const std::string& image);

/// Removes the images that were built, and neither used nor built within thirty days. One that a container uses stays.
/// Starts the engine and waits for it.
Result<void> remove_unused_images(const std::string& engine, const std::string& directory);

} // namespace quire::ci
