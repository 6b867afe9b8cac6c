// Intent: the durable word that a push was let in, from before its refs move until its runs are recorded.
//
// pre-receive writes it, post-receive takes it away after the records. Whoever finds one whose receiver is dead
// (the runner's scan, doctor) completes it from the reflog. Both hooks know its name without talking to each
// other: it is made of the boot, the process that receives the push, and when that began.
// One that can't be completed is set aside with the reason, among the lost ones, so that no scan finds it again.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "sys/lock.h"

namespace quire::store {

struct RefUpdate {
    std::string old_id; ///< all zeros: the ref is new
    std::string new_id; ///< all zeros: the ref goes away
    std::string ref;
};

/// All zeros, of any length.
bool is_null_id(std::string_view id);

/// What git found of a push that is signed.
struct PushCertificate {
    std::string blob;    ///< the certificate's object id in the repository; "": the push is not signed
    std::string verdict; ///< see push/certificate.h
    std::string signer;  ///< "": nobody that is known
};

struct Intent {
    std::string id;
    RepoName repo;
    std::string pusher;
    Instant at = 0;
    std::vector<std::string> options; ///< push options
    std::vector<RefUpdate> updates;
    PushCertificate certificate = {};
};

/// The id of the push that the process `receiver` handles. Fails if there is no such process.
Result<std::string> push_id_of(int receiver);
/// Whether the process an id speaks of still runs (on this boot).
bool receiver_lives(std::string_view push_id);

Result<void> write_intent(const Root& root, const Intent& intent);

/// An intent with its lock: only its holder may complete and remove it.
class HeldIntent {
public:
    /// Waits for the lock; nullopt if there is no such intent (any more).
    static Result<std::optional<HeldIntent>> hold(const Root& root, const std::string& id);
    /// As hold, but nullopt also when somebody else holds it.
    static Result<std::optional<HeldIntent>> try_hold(const Root& root, const std::string& id);

    const Intent& intent() const { return m_intent; }
    Result<void> remove(const Root& root);
    /// Sets it aside among the lost ones, with the reason in it.
    Result<void> give_up(const Root& root, const std::string& reason);

private:
    HeldIntent(sys::FileLock lock, Intent intent) : m_lock(std::move(lock)), m_intent(std::move(intent)) {}
    static Result<std::optional<HeldIntent>> read(const Root& root, const std::string& id, sys::FileLock lock);
    sys::FileLock m_lock;
    Intent m_intent;
};

/// Ids of the intents there are, oldest first by name.
Result<std::vector<std::string>> list_intents(const Root& root);

/// Sets aside what stands among the intents and can't be read as one, as it is.
Result<void> set_aside_unreadable(const Root& root, const std::string& id);

/// A push that was let in and could not be recorded.
struct LostIntent {
    std::string id;
    std::string story; ///< one line: whose push, to where, when, and why it is not recorded
};
Result<std::vector<LostIntent>> list_lost_intents(const Root& root);
/// Puts a lost one back among the intents: what stood in its way may be gone.
Result<void> restore_lost_intent(const Root& root, const std::string& id);

} // namespace quire::store
