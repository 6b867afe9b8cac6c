// KnownRefs: the branches and tags of repositories, as a workspace has them.
//
// Reading hundreds of loose refs costs more than all else that the runner does for a run, and they rarely change: so
// the dates of their directories are compared instead. git replaces a ref's file by a rename, which changes the date of
// its directory.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sys/stamp.h"

namespace quire::runner {

class KnownRefs {
public:
    /// The content of a packed-refs file in which the repository's branches are origin's and its tags are tags.
    Result<std::shared_ptr<const std::string>> as_packed(int repository);

private:
    struct Known {
        sys::Stamp repository;
        std::vector<std::pair<std::string, std::optional<sys::Stamp>>>
            read; ///< where refs were read, and its stamp then
        std::shared_ptr<const std::string> packed;
    };
    static bool is_current(const Known& known, int repository);

    std::deque<Known> m_known; ///< the newest at the front
};

} // namespace quire::runner
