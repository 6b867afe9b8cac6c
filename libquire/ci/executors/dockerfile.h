// The images that building a Dockerfile takes from a registry, found without building it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quire::ci {

/// Of each FROM, and of each COPY --from and RUN --mount=from=, in their order and each once. What an earlier stage is
/// called is no image, and neither is `scratch`. The defaults of the ARG lines before the first FROM are put in; a
/// variable that has none stays as it is written, with its '$'. No more than a
/// thousand, and none with a longer name than 1,024 bytes.
std::vector<std::string> images_of_dockerfile(std::string_view text);

} // namespace quire::ci
