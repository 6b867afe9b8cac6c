// SlurmQueue: what squeue says, asked for all runs at once.
//
// A run that wants to know its job's state looks, and is told by an answer to a question that was put after it looked:
// an older one could be from before sbatch. While Slurm does not answer, nobody is told anything, and one line says so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runner/errand.h"

namespace quire::runner {

struct SlurmJob {
    std::string id;
    std::string state; ///< as squeue spells it: PENDING, RUNNING, NODE_FAIL …
};

/// Whether the job may yet begin, works, or is being cleared away.
bool is_alive(const SlurmJob& job);

/// Lines of "id|state|name": jobs by their names, the newest last.
using SlurmJobs = std::map<std::string, std::vector<SlurmJob>>;
SlurmJobs read_squeue(std::string_view lines);

/// The one that is alive, or the newest; nullptr if there is none.
const SlurmJob* find_job(const SlurmJobs& jobs, const std::string& name);

class SlurmQueue {
public:
    using Told = std::function<void(const SlurmJobs& jobs)>;
    using Ticket = uint64_t;

    SlurmQueue(sys::Loop& loop, sys::Environment environment) : m_loop(loop), m_environment(std::move(environment)) {}
    ~SlurmQueue();

    /// Calls back once, from a later turn, unless it is forgotten before. The ticket is never 0.
    Ticket look(Told told);
    void forget(Ticket ticket);

    /// How often a run may look at its own directory: the more runs there are, the less often each.
    int64_t pace() const;
    void count(int change) { m_runs += change; }

    sys::Loop& loop() { return m_loop; }
    const sys::Environment& environment() const { return m_environment; }

private:
    void ask_soon();
    void ask();
    void answered(const sys::Output& output);
    void failed(const std::string& why);

    sys::Loop& m_loop;
    sys::Environment m_environment;
    std::map<Ticket, Told> m_waiting, m_asked_for;
    Ticket m_next = 1;
    std::unique_ptr<Errand> m_errand;
    sys::Loop::Id m_timer = 0;
    int64_t m_asked_at = 0, m_delay = 0;
    bool m_is_silent = false;
    int m_runs = 0;
};

} // namespace quire::runner
