// Intent: a durable note that a push was accepted, from before its refs move until its runs are recorded.
//
// pre-receive writes it, and post-receive removes it after recording the runs. If the receiving process has died,
// whoever finds the intent (the runner's scan, doctor) completes it from reflog and ref. Both hooks know its name
// without talking to each other: it is made of the boot id, the process that receives the push, and that process's
// start time. An intent that can't be completed is moved to the lost ones with the reason, so that no scan meets it
// again.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "sys/lock.h"

namespace quire::store {

struct RefUpdate {
    std::string old_id; ///< all zeros if the ref is new
    std::string new_id; ///< all zeros if the ref is deleted
    std::string ref;
};

/// Whether the id is all zeros, of any length.
bool is_null_id(std::string_view id);

/// What git found out about a signed push.
struct PushCertificate {
    std::string blob;    ///< the certificate's object id in the repository; "": the push is not signed
    std::string verdict; ///< see push/certificate.h
    std::string signer;  ///< "": nobody who is known
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
/// Whether the machine has not been started since; true if that can't be told.
bool is_of_this_boot(std::string_view push_id);
/// Whether the process in a push id still runs, on this boot.
bool receiver_lives(std::string_view push_id);

/// It is on the disk before anything that is done to the repository after this returns. If the machine fails before, an
/// empty file may be left, which who holds it next removes.
Result<void> write_intent(const Root& root, int repository, const Intent& intent);

/// As it is written, for one who only looks; nullopt if it does not exist, or no longer.
Result<std::optional<Intent>> read_intent(const Root& root, const std::string& id);

/// An intent and its lock. Only the holder of the lock may complete and remove it.
class HeldIntent {
public:
    /// Waits for the lock; nullopt if the intent does not exist, or no longer.
    static Result<std::optional<HeldIntent>> hold(const Root& root, const std::string& id);
    /// Like hold, but also nullopt when somebody else holds the lock.
    static Result<std::optional<HeldIntent>> try_hold(const Root& root, const std::string& id);

    const Intent& intent() const { return m_intent; }
    Result<void> remove(const Root& root);
    /// Moves it to the lost intents and writes the reason into it.
    Result<void> give_up(const Root& root, const std::string& reason);

private:
    HeldIntent(sys::FileLock lock, Intent intent) : m_lock(std::move(lock)), m_intent(std::move(intent)) {}
    static Result<std::optional<HeldIntent>> read(const Root& root, const std::string& id, sys::FileLock lock);
    sys::FileLock m_lock;
    Intent m_intent;
};

/// The ids of all intents; their names sort by age, oldest first.
Result<std::vector<std::string>> list_intents(const Root& root);

/// Moves a file that can't be read as an intent to the lost ones, unchanged.
Result<void> set_aside_unreadable(const Root& root, const std::string& id);

/// A push that was accepted but could not be recorded.
struct LostIntent {
    std::string id;
    std::string story; ///< one line: whose push, to where, when, and why it is not recorded
};
Result<std::vector<LostIntent>> list_lost_intents(const Root& root);
/// Moves a lost intent back to the intents, to be tried again after the cause has been removed.
Result<void> restore_lost_intent(const Root& root, const std::string& id);

} // namespace quire::store
