// The hooks themselves. Each writes to stderr, which git passes on to the pusher, and returns an exit code.
#pragma once

#include "push/context.h"

namespace quire::push {

/// Refuses what the policy refuses and names every reason; leaves an intent for an accepted push.
Result<int> pre_receive(const Context& context);

/// Records what moved and tells the pusher. It never fails the push, because the refs have moved already. If it can't
/// record, it says so, and the intent stays for the runner's scan and doctor.
Result<int> post_receive(const Context& context);

/// Replaces this process by the repository's own hooks/<name>, with `input` as its stdin. If there is no such
/// executable, returns 0. For versions of git in which core.hooksPath hides that directory.
Result<int> chain(const std::string& name, const std::vector<std::string>& arguments, const std::string* input);

/// Replaces this process by a git that prints the ids of all refs of the repository `path`, whose objects may be
/// borrowed by the one where this process runs. For the latter, which knows its own refs, prints nothing and returns 0.
Result<int> alternate_refs(const std::string& path);

/// What happened to the intents of dead pushes.
struct Reconciled {
    size_t recorded = 0;
    size_t given_up = 0;                 ///< set aside with the reason
    std::vector<std::string> unfinished; ///< why an intent is still there, one line each; another try may succeed
};

/// Completes what dead pushes left behind, in one repository or in all. A push that can't be recorded is set aside with
/// the reason, which is logged once. If the machine failed, the intent stays for the next try, for a day.
Result<Reconciled> reconcile(const store::Root& root, const store::RepoName* only = nullptr);

} // namespace quire::push
