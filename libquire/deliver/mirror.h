// Mirrors: making one, pushing to it, looking at it, changing its key. store/mirror.h says what lies where.
//
// Every push and every look writes the mirror's status under its lock, tells of a mirror that begins to fail and of one
// that is well again (store/notice.h), and a push that failed leaves a task that makes it again until it goes.
#pragma once

#include <functional>

#include "deliver/mail.h"
#include "deliver/push_refs.h"

namespace quire::deliver {

/// The value of one of config.fnl's :secrets, or why there is none.
using ReadSecret = std::function<Result<std::string>(const std::string& name)>;

/// A mirror of a repository that is open; all of it outlives what is made of it.
struct MirrorPlace {
    const store::Root& root;
    const store::RepoName& repo;
    int repository;
    std::string name;
};

struct NewMirror {
    std::string url;
    std::string secret; ///< over https: the name of one
    std::string user = "x-access-token";
};
struct MadeMirror {
    std::string public_key;                ///< over ssh
    std::vector<std::string> fingerprints; ///< of the remote's keys that were pinned
};
Result<MadeMirror> add_mirror(const MirrorPlace& place, const NewMirror& mirror);
Result<void> remove_mirror(const MirrorPlace& place);

/// The error of a push that did not go is its report's.
Result<PushReport> push_mirror(const MirrorPlace& place, const PushOrder& order, const ReadSecret& read_secret);
/// What was asked for last, or everything: what the task does.
PushOrder last_order(const store::Mirror& mirror);

/// Asks the remote, and compares. The status says what came of it; an error is that nothing could be looked at.
/// `patience` is for the remote; with `tries_push` also whether it would take a push.
enum class Look { at_refs, whether_it_takes_a_push };
Result<store::Mirror> check_mirror(const MirrorPlace& place, const ReadSecret& read_secret, Look look,
                                   int64_t patience);

struct Rotation {
    enum class Step { began, waits, switched, nothing_to_do } step;
    std::string public_key; ///< the new one's
    std::string old_key;    ///< to be removed at the remote
    std::string why;        ///< the new key is not let in yet
};
/// Each call goes one step on; see quire(1).
Result<Rotation> rotate_mirror(const MirrorPlace& place);

/// What `quire doctor` says of all mirrors.
std::vector<Trouble> examine_mirrors(const store::Root& root);

/// Refs that differ from what the remote is known to have: from the disk alone.
Result<std::vector<store::MirrorDrift>> find_drift(int repository, const store::Mirror& mirror);

} // namespace quire::deliver
