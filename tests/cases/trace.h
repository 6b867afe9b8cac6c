// Runs a program and notes what it did: which processes it started, which paths it named, what it told syslog.
//
// Built on ptrace: every system call of the program and of whatever it starts is seen before it happens. Where
// ptrace is not allowed run_traced fails, and the caller counts that instead of skipping it silently.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::cases {

struct Trace {
    int status = 0; ///< exit code, or 128 + signal
    std::string out;
    std::string err;
    std::vector<std::string> started; ///< "fork", or the path of an exec; not the program's own first one
    std::vector<std::string> paths;   ///< every path of a call that opens, reads, changes or looks at a file
    std::vector<std::string> sent;    ///< what was sent to a socket, as "<socket path> <text>"
};

/// `argv[0]` is a path; `input` is fed from a file that nobody else sees.
Result<Trace> run_traced(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                         const std::string& directory, const std::string& input);

} // namespace quire::cases
