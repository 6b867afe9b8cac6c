// The calling thread: its priority, and what it has cost.
#pragma once

#include <cstdint>

struct rusage;

namespace quire::sys {

/// From now on the thread, and every process it starts, gets only the processor time that nobody else wants, and of
/// several processors leaves one alone: processors share caches and memory, so work that keeps all of them busy slows
/// down what is more important, even if it always gives way.
void work_when_idle();

/// Nanoseconds of processor time that the thread has used, including processes that it started and waited for,
/// and a SecondThread.
int64_t thread_cost();

/// Adds the cost of a process that the thread started and that has ended. For process.cc.
void add_to_thread_cost(const rusage& used);
/// Adds nanoseconds of another thread that worked for this one.
void add_to_thread_cost(int64_t used);

} // namespace quire::sys
