// Finds and ends the descendants of a process by reading /proc, whatever sessions they have made.
//
// When a process's parent dies, its nearest ancestor that is a subreaper (prctl PR_SET_CHILD_SUBREAPER) becomes its
// parent. So everything that a subreaper ever started is below it. This file uses only the C library and plain system
// calls, since quire-init is built from it, static and small. Signals go through pidfds after the parent has been
// checked again, so that a process with a reused number is not hit.
#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

namespace quire::sys {

struct ProcessEntry {
    pid_t pid;
    pid_t parent;
};

/// All processes except zombies.
std::vector<ProcessEntry> list_processes();

/// The descendants of `root`, without itself; parents come before their children.
std::vector<ProcessEntry> descendants_of(pid_t root);

/// Signals all descendants of `root` and returns how many there were.
size_t signal_descendants(pid_t root, int number);

/// Stops all of a process group that a child of `parent` leads or led, by one call, which no fork escapes: a fork bomb
/// leaves no processor for a look at its processes. Nobody else has its number while something is in the group, and
/// when it is empty, somebody may: then it does nothing.
bool stop_group_of(pid_t leader, pid_t parent);

/// Does one round of killing the descendants of `root`: it stops them all first, by process groups, so that none can
/// fork away, then kills. Returns how many there were. Call it until it returns 0: processes take a moment to die.
size_t kill_descendants(pid_t root);

/// The processes that have `entry` ("NAME=value") in their environment, as far as we may look.
std::vector<ProcessEntry> processes_with_variable(std::string_view entry);

/// Signals the process if it still has the same parent.
bool signal_entry(const ProcessEntry& entry, int number);

} // namespace quire::sys
