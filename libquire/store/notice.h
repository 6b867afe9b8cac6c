// Notice: an event that somebody may want to be told about: runs/.queue/notices/<name>, one file each.
//
//   {:event :run-ended :repo "foo" :subject "42" :at "…Z"}
//   {:event :mirror-failed :repo "foo" :subject "github" :at "…Z" :since "…Z" :reason "Connection refused"}
//
// A program that notices something adds a notice and goes on. deliver (deliver/mail.h) decides who is told, if anybody,
// and removes the notice. Adding one that exists already changes nothing. The file's name says what happened to what,
// the content only the details.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"

namespace quire::store {

struct Notice {
    std::string event;            ///< "run-ended", "mirror-failed" …: lower-case letters and dashes
    std::optional<RepoName> repo; ///< none: for the whole root
    std::string subject = {};     ///< the run's number, the mirror's name; may be empty
    Instant at = 0;
    Instant since = 0;       ///< when the cause began; 0: at the same time
    std::string reason = {}; ///< for people to read

    /// The file's name: "run-ended.foo.git@42".
    std::string name() const;
};

/// Durable when it returns.
Result<void> add_notice(const Root& root, Notice notice);
/// The oldest first. If one can't be read, it has what its name says.
Result<std::vector<Notice>> list_notices(const Root& root);
/// Whether there are any, without reading them.
Result<bool> has_notices(const Root& root);
/// It is fine if it is gone already.
Result<void> drop_notice(const Root& root, const std::string& name);

} // namespace quire::store
