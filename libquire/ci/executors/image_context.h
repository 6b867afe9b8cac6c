// What an image is built from: .quire/Dockerfile and the tree around it, as they are before any job has run.
//
// The tag follows from the content, so an image that is there already need not be built, and a job that changes the
// files later changes nothing: they are kept in memory from the moment the tag was made.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::ci {

/// Without its tag. `podman images localhost/quire-image` shows what has been built.
constexpr const char* built_image_name = "localhost/quire-image";

struct ImageContext {
    struct File {
        enum class Kind : char { plain = 'f', executable = 'x', link = 'l' };
        std::string path; ///< below .quire
        Kind kind = Kind::plain;
        std::string content; ///< of a link: where it leads
    };
    std::vector<File> files; ///< sorted by path
    std::string tag;         ///< "localhost/quire-image:<hash>"
};

/// Bounded: 5,000 files, 64 MiB together, 16 levels. What is neither file, link nor directory is refused.
Result<ImageContext> read_image_context(int checkout);

/// Writes the files below an open, empty directory.
Result<void> write_image_context(const ImageContext& context, int directory);

} // namespace quire::ci
