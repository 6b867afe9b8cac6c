// A child process that goes on as a copy of this one, without a program of its own.
//
// It saves loading a program and starting its C library (docs/architecture.md). But a copy has all that the process
// knows. So it must be made before anything is read that the copy may not know.
#pragma once

#include <string>
#include <vector>

#include "sys/process.h"

namespace quire::sys {

struct CopyPlan {
    int input, output, error; ///< become its streams; it has no other descriptors
    /// What others see in place of our arguments and our environment, by which they would take it for us.
    std::vector<std::string> shown;
    int (*body)(); ///< returns the exit code
};

/// The copy has a session of its own and the environment base_environment().
/// REQUIRES: there is one thread. An error if the variables were changed since the program was started.
Result<Process> spawn_copy(const CopyPlan& plan);

} // namespace quire::sys
