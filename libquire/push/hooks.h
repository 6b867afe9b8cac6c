// The hooks themselves. Each prints to the pusher through stderr, which git relays, and yields an exit code.
#pragma once

#include "push/context.h"

namespace quire::push {

/// Refuses what policy refuses, all of it named; leaves the intent of what is let in.
Result<int> pre_receive(const Context& context);

/// Records what moved and tells the pusher. Never fails the push: the refs have moved. When it can't record,
/// it says so, and the intent stays for the runner's scan and doctor.
Result<int> post_receive(const Context& context);

/// Replaces this process by the repository's own hooks/<name>, with `input` as its stdin, if there is one that
/// can be executed; yields 0 otherwise. For git versions where core.hooksPath hides that directory.
Result<int> chain(const std::string& name, const std::vector<std::string>& arguments, const std::string* input);

/// What became of the notes of dead pushes.
struct Reconciled {
    size_t recorded = 0;
    size_t given_up = 0;                 ///< set aside, with the reason
    std::vector<std::string> unfinished; ///< why a note is still there, one line each: another try may do better
};

/// Completes what dead pushes left behind, of one repository or of all. A push that can't be recorded is set aside with
/// the reason and said once; one that the machine failed stays for the next try, for a day.
Result<Reconciled> reconcile(const store::Root& root, const store::RepoName* only = nullptr);

} // namespace quire::push
