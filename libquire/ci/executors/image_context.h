// The input for building an image: .quire/Dockerfile and the tree around it, as they are before any job has run.
//
// The tag is made from the content, so an image that exists need not be built again. The files are kept in memory from
// that moment, so a job that changes them later changes nothing.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::ci {

/// The image's name without its tag. `podman images localhost/quire-image` lists what has been built.
constexpr const char* built_image_name = "localhost/quire-image";

struct ImageContext {
    struct File {
        enum class Kind : char { plain = 'f', executable = 'x', link = 'l' };
        std::string path; ///< below .quire
        Kind kind = Kind::plain;
        std::string content; ///< for a link: its target
    };
    std::vector<File> files; ///< sorted by path
    std::string tag;         ///< "localhost/quire-image:<hash>"
};

/// Limits: 5,000 files, 64 MiB in all, 16 levels. Anything but files, links and directories is refused.
Result<ImageContext> read_image_context(int checkout);

/// Writes the files into an open, empty directory.
Result<void> write_image_context(const ImageContext& context, int directory);

} // namespace quire::ci
