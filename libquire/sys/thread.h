// The calling thread: how important it is, and what it has cost.
#pragma once

#include <cstdint>

struct rusage;

namespace quire::sys {

/// From here on the thread, and every process that it starts, gets only what others leave of the processors and disks.
void work_when_idle();

/// Nanoseconds of processor time that the thread has taken, with the processes that it started and waited for.
int64_t thread_cost();

/// A process that the thread started has ended. For process.cc.
void add_to_thread_cost(const rusage& used);

} // namespace quire::sys
