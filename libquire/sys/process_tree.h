// Finds and ends the processes below one, as /proc shows them, whatever sessions they made for themselves.
//
// A process whose parent dies goes to the nearest ancestor that is a subreaper (prctl PR_SET_CHILD_SUBREAPER), so
// what such an ancestor has below it is everything it ever started. This file keeps to the C library and plain
// system calls: quire-init is built from it, static and small. Signals go through pidfds, after a second look at
// the parent, so that a number that was used again is not hit.
#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

namespace quire::sys {

struct ProcessEntry {
    pid_t pid;
    pid_t parent;
};

/// All processes but zombies.
std::vector<ProcessEntry> list_processes();

/// What is below `root`, without it, parents before children.
std::vector<ProcessEntry> descendants_of(pid_t root);

/// Signals everything below `root`; yields how many there were.
size_t signal_descendants(pid_t root, int number);

/// One round of ending everything below `root`: stops all of it, so that nothing can fork away, then kills.
/// Yields how many there were; again until 0, since the dying take a moment.
size_t kill_descendants(pid_t root);

/// The processes in whose environment `entry` ("NAME=value") stands, as far as we may look.
std::vector<ProcessEntry> processes_with_variable(std::string_view entry);

/// Signals the process if its parent is still that one.
bool signal_entry(const ProcessEntry& entry, int number);

} // namespace quire::sys
