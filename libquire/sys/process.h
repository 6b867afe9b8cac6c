// Child processes, described as a struct and waited for through a pidfd.
//
//   Command command{.argv = {"git", "rev-parse", "HEAD"}, .directory = repository.get()};
//   Output output = TRY(run(command));               // collects both streams, waits
//   if (output.status != 0) ...
//
// argv[0] is looked up in the PATH of `environment`, never in ours. The environment is built from
// empty; nothing is inherited but what the struct says. No shell is involved anywhere.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace quire::sys {

/// "NAME=value" strings.
using Environment = std::vector<std::string>;

constexpr const char* default_path = "/usr/local/bin:/usr/bin:/bin";

/// PATH, HOME, LANG and TZ, the latter three as this process has them.
Environment base_environment();
void set_variable(Environment& environment, std::string_view name, std::string_view value);
std::optional<std::string> get_variable(const Environment& environment, std::string_view name);
/// A variable of this process; nullopt when it is not set.
std::optional<std::string> process_variable(const char* name);

/// The file that `program` names in the environment's PATH; a name with a slash stands for itself.
Result<std::string> find_program(const std::string& program, const Environment& environment);

struct Command {
    std::vector<std::string> argv;
    Environment environment = base_environment();
    int directory = -1;       ///< runs there; -1: where we are
    int input = -1;           ///< becomes stdin; -1: /dev/null
    int output = -1;          ///< becomes stdout; -1: /dev/null
    int error = -1;           ///< becomes stderr; -1: our own
    std::vector<int> inherit; ///< further descriptors to keep open, under their own numbers
    bool new_session = false;
    int nice = 0; ///< added to our own
};

class Process {
public:
    Process(pid_t pid, UniqueFd pidfd) : m_pid(pid), m_pidfd(std::move(pidfd)) {}
    Process(Process&&) = default;
    Process& operator=(Process&&) = default;

    pid_t pid() const { return m_pid; }
    int pidfd() const { return m_pidfd.get(); }
    /// Waits; the exit code, or 128 + the signal that ended it.
    Result<int> wait();
    /// The same if it has ended, nullopt while it runs.
    Result<std::optional<int>> poll();
    Result<void> signal(int number);
    /// Signals all of its session's first group. REQUIRES: started with new_session, not waited for yet.
    Result<void> signal_group(int number);

private:
    pid_t m_pid;
    UniqueFd m_pidfd;
};

Result<Process> spawn(const Command& command);

struct Output {
    int status = 0;
    std::string out;
    std::string err;
};

struct RunOptions {
    std::string input;        ///< fed to stdin
    size_t limit = 64u << 20; ///< bytes kept of each stream; more is an error
    int64_t timeout = 0;      ///< nanoseconds; 0: none. On expiry the child is killed
};

/// REQUIRES, with input: SIGPIPE is ignored, as run_tool does.
/// Starts the command, feeds and drains its streams, waits. `command.input/output/error` are ignored.
Result<Output> run(const Command& command, const RunOptions& options = {});
/// As run, and a non-zero status is an error that carries the last line of stderr.
Result<std::string> run_ok(const Command& command, const RunOptions& options = {});

/// Everything this process was given: only for programs that stand in for another one.
Environment inherited_environment();
/// Makes `content` what this process, and a program it execs, reads from stdin.
Result<void> become_input(std::string_view content);

/// Replaces this process. Returns only on failure.
Unexpected exec(const std::vector<std::string>& argv, const Environment& environment);

struct Pipe {
    UniqueFd reader;
    UniqueFd writer;
};
Result<Pipe> make_pipe();

} // namespace quire::sys
