#include "runner/marker.h"

#include "sys/stamp.h"

namespace quire::runner {

Result<std::string> marker_prefix(const store::Root& root)
{
    sys::Stamp stamp = TRY(sys::stamp_of(root.fd(), root.path()));
    return fmt::format("{:x}-{:x}.", stamp.device, stamp.inode);
}

Result<std::string> marker_of(const store::Root& root, const store::RepoName& repo, uint64_t number)
{
    return fmt::format("{}{}.{}", TRY(marker_prefix(root)), repo.component(), number);
}

} // namespace quire::runner
