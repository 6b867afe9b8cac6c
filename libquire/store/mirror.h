// A mirror: another forge's copy of a repository, which jobs push to; quire/mirrors/<name>/ in the repository.
//
//   url            where it is, one line
//   secret.fnl     over https: {:secret "github_token" :user "x-access-token"}, a name of config.fnl's :secrets
//   key, key.pub   over ssh: what it is pushed with (0600); key.next, key.old and theirs while it is being rotated
//   known_hosts    over ssh: the remote's own keys, as they were when the mirror was made
//   status.fnl     how it is: written by whoever pushes or looks, who holds the lock
//   pushed         what the remote is known to have, "<id> <ref>" a line
//   lock
//
// The directory is 0700; whoever shows a mirror needs url and status.fnl only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

namespace paths {
constexpr const char* mirrors = "quire/mirrors";
constexpr const char* mirror_url = "url";
constexpr const char* mirror_secret = "secret.fnl";
constexpr const char* mirror_key = "key";
constexpr const char* mirror_next_key = "key.next";
constexpr const char* mirror_old_key = "key.old";
constexpr const char* mirror_known_hosts = "known_hosts";
constexpr const char* mirror_status = "status.fnl";
constexpr const char* mirror_pushed = "pushed";
constexpr const char* mirror_lock = "lock";
/// Inside a repository.
std::string mirror(const std::string& name);
} // namespace paths

/// Lower-case letters, digits and dashes, at most 40.
bool is_mirror_name(std::string_view name);

struct MirrorDrift {
    std::string ref;
    std::string ours, theirs; ///< "" where it is not there
    Instant since = 0;        ///< when it was first seen
};

struct MirrorStatus {
    bool is_failing = false;
    Instant last_success = 0; ///< of a push
    Instant last_failure = 0;
    Instant failing_since = 0;
    Instant checked_at = 0;   ///< when the remote was last asked
    bool is_reachable = true; ///< ... and whether it answered
    std::string reason;       ///< of the last failure
    std::vector<MirrorDrift> drift;
    size_t more_drift = 0; ///< than is listed
    text::Data order;      ///< what was last asked to be pushed

    /// "well", "failing", or "new" before its first push.
    std::string_view word() const;
};

struct Mirror {
    std::string name, url;
    MirrorStatus status;
    bool is_rotating = false; ///< a key waits to be switched to
    bool has_old_key = false; ///< an old key may still be let in by the remote
};

/// By name. `repository` is its open directory. One that can't be read says so in status.reason.
Result<std::vector<Mirror>> list_mirrors(int repository);
/// not_found, naming those that there are.
Result<Mirror> read_mirror(int repository, const std::string& name);
/// What a mirror over https is pushed with.
struct MirrorSecret {
    std::string secret; ///< a name of config.fnl's :secrets
    std::string user;
};
/// nullopt: it has none.
Result<std::optional<MirrorSecret>> read_mirror_secret(int repository, const std::string& name);
/// Replaces status.fnl. REQUIRES: the caller holds the lock.
Result<void> write_mirror_status(int repository, const std::string& name, const MirrorStatus& status);

/// What the remote is known to have, by ref.
using RefValues = std::map<std::string, std::string>;
Result<RefValues> read_pushed(int repository, const std::string& name);
Result<void> write_pushed(int repository, const std::string& name, const RefValues& values);

/// As `--json` prints it.
text::Data to_data(const Mirror& mirror);

} // namespace quire::store
