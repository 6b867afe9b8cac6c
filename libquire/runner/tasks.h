// Tasks: works on what waits in runs/.queue/tasks (store/task.h). One half of what quire-runner does; runs.h is the
// other.
//
// One rule for all kinds. An attempt is a process of the lowest priority with a time limit, which holds a lock on the
// claimed entry: a runner that takes over leaves alone what still works. One of a kind works at a time, and one heavy
// kind; light ones don't wait for heavy ones. The oldest that is due comes first, so what fails starves nobody: it
// waits for fifteen seconds, then for twice as long each time, an hour at most, until it succeeds or somebody drops it.
// A task whose repository is gone is dropped; while its repository is being moved it waits.
//
// To add a kind (mirror, mail, backup, index): a line in runner_kinds() with the verb of `quire` that does one attempt,
// prints why not on stderr's last line and exits 0 when it is done; and a call of store::add_task where the work is
// noticed (a hook, the runner's scan, the end of a run). Several of one kind and repository have a subject each, which
// the verb gets as its last operand. An attempt may be killed at any point and be made again after it succeeded:
// whatever must not happen twice has to be remembered by the verb. Nothing else needs to know.
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
/// in_quiet: while no run wants the machine, or after a minute in any case.
enum class Start { in_quiet, at_once };

struct TaskKind {
    std::string_view name;
    std::string_view verb; ///< of `quire`; the repository and the subject, if there are any, are its operands
    int64_t time_limit;
    Weight weight;
    Start start = Start::in_quiet;
};

std::span<const TaskKind> runner_kinds();

/// How long a task waits after so many failures.
int64_t back_off(uint64_t attempts);

class Tasks {
public:
    struct Listener {
        std::function<void(const store::Task&)> started;
        std::function<void(const store::Task&, bool succeeded)> ended;
    };
    /// The command of one attempt.
    using Attempt = std::function<sys::Command(const TaskKind&, const store::Task&)>;

    /// Root, loop and complaints outlive it. What works when it goes, works on.
    Tasks(const store::Root& root, sys::Loop& loop, std::span<const TaskKind> kinds, Attempt attempt,
          Complaints& complaints, Listener listener);
    ~Tasks();

    /// Takes up what an earlier runner left, and starts what is due; what waits for quiet, if it is `quiet`.
    void scan(bool quiet);
    /// Something works, also if an earlier runner started it.
    bool is_working() const { return !m_working.empty() || !m_orphans.empty(); }
    bool is_working_on(const std::string& id) const { return m_working.contains(id) || m_orphans.contains(id); }
    /// A scan would start something.
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
    std::map<std::string, int64_t> m_orphans; ///< of an earlier runner, by id: when they are to be over
    int64_t m_sweep_due = 0;                  ///< by the monotonic clock: what died makers left in the directory
};

/// What `quire` is started with for an attempt.
Tasks::Attempt quire_attempt(const store::Root& root, const std::string& programs);

} // namespace quire::runner
