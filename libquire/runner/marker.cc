#include "runner/marker.h"

#include <sys/stat.h>

namespace quire::runner {

Result<std::string> marker_prefix(const store::Root& root)
{
    struct stat status{};
    if (::fstat(root.fd(), &status) < 0)
        return fail_errno(fmt::format("stat {}", root.path()));
    return fmt::format("{:x}-{:x}.", status.st_dev, status.st_ino);
}

Result<std::string> marker_of(const store::Root& root, const store::RepoName& repo, uint64_t number)
{
    return fmt::format("{}{}.{}", TRY(marker_prefix(root)), repo.component(), number);
}

} // namespace quire::runner
