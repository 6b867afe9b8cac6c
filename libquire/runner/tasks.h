// Tasks: works on what waits in runs/.queue/tasks (store/task.h). One half of what quire-runner does; runs.h is the
// other.
//
// One rule applies to all kinds. An attempt is a process that gives way to runs, with a time limit. It holds a lock on
// the claimed entry, so that a new runner leaves it alone. Only one task of a kind runs at a time, and only one heavy
// task; light ones don't wait for heavy ones. The oldest one that is due comes first. A failed task waits fifteen
// seconds, then twice as long each time, at most an hour, until it succeeds or is dropped, so it can't starve others.
// If its repository is gone, it is dropped; while the repository is being moved, it waits.
//
// To add a kind: a line in runner_kinds() with the verb of `quire` that makes one attempt, prints the reason for a
// failure as the last line on stderr, and exits 0 when the work is done; and a call of store::add_task where the work
// is noticed (a hook, the runner's scan, the end of a run). If there can be several of one kind and repository, each
// has a subject, which the verb gets as its last operand. An attempt may be killed at any point, or be repeated after
// it succeeded, so the verb must remember what must not happen twice.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>

#include "runner/complaints.h"
#include "store/task.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

enum class Weight { light, heavy };
/// in_quiet: when no run wants the machine, but after a minute in any case.
enum class Start { in_quiet, at_once };

struct TaskKind {
    std::string_view name;
    std::string_view verb; ///< of `quire`; its operands are the repository and the subject, if there are any
    int64_t time_limit;
    Weight weight;
    Start start = Start::in_quiet;
    /// Of the first attempt; what was tried in vain, perhaps since its time was over, gets a little more.
    sys::Priority priority = sys::Priority::idle;
};

std::span<const TaskKind> runner_kinds();

/// How long a task waits after this many failures.
int64_t back_off(uint64_t attempts);

class Tasks {
public:
    struct Listener {
        std::function<void(const store::Task&)> started;
        std::function<void(const store::Task&, bool succeeded)> ended;
    };
    /// Makes the command for an attempt.
    using Attempt = std::function<sys::Command(const TaskKind&, const store::Task&)>;

    /// The root, the loop and the complaints must outlive it. Attempts go on when it is destroyed.
    Tasks(const store::Root& root, sys::Loop& loop, std::span<const TaskKind> kinds, Attempt attempt,
          Complaints& complaints, Listener listener);
    ~Tasks();

    /// Takes over what an earlier runner left, and starts what is due. Tasks that wait for quiet start only if `quiet`.
    void scan(bool quiet);
    /// Whether an attempt is running, even one that an earlier runner started.
    bool is_working() const { return !m_working.empty() || !m_orphans.empty(); }
    bool is_working_on(const std::string& id) const { return m_working.contains(id) || m_orphans.contains(id); }
    /// Whether a scan would start something.
    bool is_due();

private:
    struct Working;

    Result<void> take_up_orphans();
    Result<void> start_due(bool quiet);
    Result<std::vector<store::Task>> find_due();
    bool may_start(const TaskKind& kind) const;
    Result<void> start(const TaskKind& kind, store::Task task);
    Result<void> launch(Working& working);
    void is_late(Working& working);
    void ended(const std::string& id, int status);
    void give_back(store::Task task, std::string error, int64_t delay);
    const TaskKind* find_kind(std::string_view name) const;
    std::string marker_of(const std::string& id) const;

    const store::Root& m_root;
    sys::Loop& m_loop;
    std::span<const TaskKind> m_kinds;
    Attempt m_attempt;
    Complaints& m_complaints;
    Listener m_listener;
    std::map<std::string, std::unique_ptr<Working>> m_working; ///< by id
    std::map<std::string, int64_t> m_orphans;                  ///< an earlier runner's, by id: when they must be over
    int64_t m_sweep_due = 0; ///< when to sweep what dead processes left, by the monotonic clock
};

/// The command of `quire` for an attempt.
Tasks::Attempt quire_attempt(const store::Root& root, const std::string& programs);

} // namespace quire::runner
