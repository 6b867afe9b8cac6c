// What the runner itself starts on this machine: children that are waited for in the loop, and those that an earlier
// runner left, found by a run's marker.
#pragma once

#include <functional>
#include <string>

#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

/// Calls back once with the child's exit code when it has ended. The loop and the process outlive it.
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

/// Signals what carries this marker as its leader_variable: quire-ci, or what prepares the run. Yields how many there
/// were.
size_t signal_marked(const std::string& marker, int number);

} // namespace quire::runner
