// Errand: a short command whose answer the runner wants without waiting for it, such as squeue.
//
// It is killed when it takes too long. Destroying this object before the answer kills it too, and nothing is called.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runner/local_processes.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

class Errand {
public:
    /// `status` as Process::wait has it; out and err are what it printed.
    using Answered = std::function<void(const sys::Output& output)>;

    /// Calls back once, from a later turn. `input` becomes its stdin. The loop must outlive it.
    static Result<std::unique_ptr<Errand>> begin(sys::Loop& loop, sys::Command command, std::string_view input,
                                                 int64_t time_limit, Answered answered);
    ~Errand();
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;

private:
    Errand(sys::Loop& loop, Answered answered) : m_loop(loop), m_answered(std::move(answered)) {}

    sys::Loop& m_loop;
    Answered m_answered;
    UniqueFd m_out, m_err;
    std::optional<sys::Process> m_process;
    std::optional<ChildWatch> m_watch;
    sys::Loop::Id m_timer = 0;
};

} // namespace quire::runner
