// Notice: something that happened and that somebody may want to be told of: runs/.queue/notices/<name>, one file each.
//
//   {:event :run-ended :repo "foo" :subject "42" :at "…Z"}
//   {:event :mirror-failed :repo "foo" :subject "github" :at "…Z" :since "…Z" :reason "Connection refused"}
//
// Whoever notices adds one and goes on; who is told, and whether anybody is, is deliver's business (deliver/mail.h),
// which takes them away. One that waits already stays as it is: twice is once. The name says what happened to what,
// the content only how.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"

namespace quire::store {

struct Notice {
    std::string event;            ///< "run-ended", "mirror-failed" …: lower-case letters and dashes
    std::optional<RepoName> repo; ///< none: of the whole root
    std::string subject = {};     ///< the run's number, the mirror's name; may be empty
    Instant at = 0;
    Instant since = 0;       ///< when what it tells of began; 0: with it
    std::string reason = {}; ///< for a person

    /// The file's name: "run-ended.foo.git@42".
    std::string name() const;
};

/// Durable when it returns.
Result<void> add_notice(const Root& root, Notice notice);
/// Oldest first. Of one that can't be read there is what its name says.
Result<std::vector<Notice>> list_notices(const Root& root);
/// Whether there is any, without reading them.
Result<bool> has_notices(const Root& root);
/// One that is gone is fine.
Result<void> drop_notice(const Root& root, const std::string& name);

} // namespace quire::store
