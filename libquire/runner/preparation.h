// Preparation: what stands between a claimed run and its start. git fills the workspace and tells what changed, side
// by side, both on this machine and within a time limit.
//
// Each git leads a session of its own and carries the run's marker, so stopping ends all that it started, also what
// made a session for itself. The run's lock is held meanwhile, by git too: a runner that dies must not find the
// workspace free while git still writes into it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "runner/facts.h"
#include "runner/launcher.h"
#include "runner/local_processes.h"

namespace quire::runner {

class Preparation {
public:
    /// `done` is called once, from a later turn, when no git of it runs. busy: somebody holds the run's lock.
    /// What is known of the changes already is not asked for; the root, the loop, the place and `known` outlive it.
    static Result<std::unique_ptr<Preparation>> begin(const store::Root& root, sys::Loop& loop, const RunPlace& place,
                                                      KnownChanges& known, int64_t time_limit,
                                                      std::function<void()> done);
    /// Kills what runs.
    ~Preparation();
    Preparation(const Preparation&) = delete;
    Preparation& operator=(const Preparation&) = delete;

    /// Ends it before its time; `done` is called as ever.
    void stop();

    /// REQUIRES: done. What went wrong; a git that was killed because of a stop is no better than one that failed.
    Result<void> outcome() const;
    /// REQUIRES: done. What git says of the changes.
    Result<std::string> take_changes();
    sys::FileLock take_lock() { return *std::exchange(m_lock, std::nullopt); }

private:
    Preparation(sys::Loop& loop, const RunPlace& place, KnownChanges& known, int64_t time_limit,
                std::function<void()> done)
        : m_loop(loop), m_place(place), m_known(known), m_time_limit(time_limit), m_done(std::move(done))
    {}
    struct Child {
        sys::Process process;
        std::optional<ChildWatch> watch;
        std::optional<int> status = std::nullopt;
    };
    Result<void> start(const store::Root& root);
    Result<void> start_git(std::optional<Child>& child, sys::Command command);
    void ended();
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
    KnownChanges& m_known;
    int64_t m_time_limit;
    std::function<void()> m_done;
    std::optional<sys::FileLock> m_lock;
    UniqueFd m_changes;
    std::optional<Child> m_checkout, m_asking;
    sys::Loop::Id m_timer = 0;
    bool m_is_stopped = false, m_is_late = false;
};

/// What a runner that died left preparing this run is killed. false: some of it lives yet, or holds the run's lock.
Result<bool> end_orphaned_preparation(const store::Root& root, const store::RunRecord& record);

} // namespace quire::runner
