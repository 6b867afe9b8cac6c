// The runner's processes on this machine: children that are waited for in the loop, and those of an earlier runner,
// which are found by a run's marker.
#pragma once

#include <functional>
#include <string>

#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

/// Calls back once, with the child's exit code, when the child has ended. The loop and the process must outlive it.
class ChildWatch {
public:
    ChildWatch(sys::Loop& loop, sys::Process& process, std::function<void(int status)> ended);
    ~ChildWatch();
    ChildWatch(const ChildWatch&) = delete;
    ChildWatch& operator=(const ChildWatch&) = delete;

private:
    sys::Loop& m_loop;
    sys::Loop::Id m_watch;
};

/// Signals processes whose leader_variable is this marker: quire-ci, or a git that prepares the run. Returns how many
/// there were.
size_t signal_marked(const std::string& marker, int number);

} // namespace quire::runner
