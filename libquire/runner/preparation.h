// Preparation: the phase between claiming a run and starting it. The workspace is filled, and what changed is found
// out. Where that is little, it is done here and now (quick_checkout.h). Otherwise one git fills the workspace while
// another tells what changed, both on this machine and within a time limit.
//
// Each git leads a session of its own and carries the run's marker, so a stop ends everything it started, even what
// made another session. The git processes hold the run's lock too: if the runner dies, the workspace does not look free
// while git still writes into it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "runner/known.h"
#include "runner/launcher.h"
#include "runner/local_processes.h"

namespace quire::runner {

class Preparation {
public:
    struct Limits {
        int64_t time;
        int64_t keep_checkout; ///< see store::GlobalConfig
    };
    /// `done` is called once, from a later turn, when no git is running. ErrorKind::busy: somebody holds the run's
    /// lock. Nobody is asked for changes that `known` has. The root, the loop, the place and `known` must outlive it.
    static Result<std::unique_ptr<Preparation>> begin(const store::Root& root, sys::Loop& loop, const RunPlace& place,
                                                      Known& known, Limits limits, std::function<void()> done);
    /// Kills what is still running.
    ~Preparation();
    Preparation(const Preparation&) = delete;
    Preparation& operator=(const Preparation&) = delete;

    /// Ends it early; `done` is still called.
    void stop();

    /// REQUIRES: `done` was called. The failure, if any. A git that was killed by a stop counts as failed.
    Result<void> outcome() const;
    /// REQUIRES: `done` was called. What git printed about the changes.
    Result<std::string> take_changes();
    sys::FileLock take_lock() { return *std::exchange(m_lock, std::nullopt); }

private:
    Preparation(sys::Loop& loop, const RunPlace& place, Known& known, Limits limits, std::function<void()> done)
        : m_loop(loop), m_place(place), m_known(known), m_limits(limits), m_done(std::move(done))
    {}
    struct Child {
        sys::Process process;
        std::optional<ChildWatch> watch;
        std::optional<int> status = std::nullopt;
    };
    Result<void> start(const store::Root& root);
    Result<void> fill(const store::Root& root, int repository);
    Result<void> find_changes(int repository);
    Result<void> start_git(std::optional<Child>& child, sys::Command command);
    void ended();
    bool is_swept();
    void signal(int number);
    template <class F>
    void for_living(F function)
    {
        for (auto* child : {&m_checkout, &m_asking})
            if (*child && !(*child)->status)
                function((*child)->process);
    }

    sys::Loop& m_loop;
    const RunPlace& m_place;
    Known& m_known;
    Limits m_limits;
    std::function<void()> m_done;
    std::optional<sys::FileLock> m_lock;
    UniqueFd m_changes;          ///< what git prints about the changes
    std::string m_quick_changes; ///< what was found without it
    std::optional<Child> m_checkout, m_asking;
    sys::Loop::Id m_timer = 0;
    int m_looks = 0;
    int m_clean_looks = 0; ///< in a row
    bool m_is_stopped = false, m_is_late = false;
};

/// Kills what a dead runner left preparing this run. false: some of it is still alive or holds the run's lock.
Result<bool> end_orphaned_preparation(const store::Root& root, const store::RunRecord& record);

} // namespace quire::runner
