// Child processes, described as a struct and waited for through a pidfd.
//
//   Command command{.argv = {"git", "rev-parse", "HEAD"}, .directory = repository.get()};
//   Output output = TRY(run(command));               // collects both streams, waits
//   if (output.status != 0) ...
//
// argv[0] is looked up in the PATH of `environment`, never in ours. The environment starts empty, and the child
// inherits only what the struct names. No shell is involved.
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

/// PATH, and HOME, LANG and TZ as this process has them.
Environment base_environment();
void set_variable(Environment& environment, std::string_view name, std::string_view value);
std::optional<std::string> get_variable(const Environment& environment, std::string_view name);
/// A variable of this process; nullopt when it is not set.
std::optional<std::string> process_variable(const char* name);

/// Finds `program` in the environment's PATH. A name with a slash is used as it is.
Result<std::string> find_program(const std::string& program, const Environment& environment);

struct Command {
    std::vector<std::string> argv;
    Environment environment = base_environment();
    int directory = -1;       ///< the working directory; -1: ours
    int input = -1;           ///< becomes stdin; -1: /dev/null
    int output = -1;          ///< becomes stdout; -1: /dev/null
    int error = -1;           ///< becomes stderr; -1: ours
    std::vector<int> inherit; ///< further descriptors that stay open, with their numbers
    bool new_session = false;
};

/// How much processor time a process gets of what others want, too: an equal part, but when it is woken it lets others
/// finish their turn; little; or none.
enum class Priority { batch, low, idle };

class Process {
public:
    Process(pid_t pid, UniqueFd pidfd) : m_pid(pid), m_pidfd(std::move(pidfd)) {}
    /// A child that was just started. `name` is for the error.
    static Result<Process> of_child(pid_t pid, std::string_view name);
    Process(Process&&) = default;
    Process& operator=(Process&&) = default;

    pid_t pid() const { return m_pid; }
    int pidfd() const { return m_pidfd.get(); }
    /// Waits for the end; returns the exit code, or 128 + the signal that ended it.
    Result<int> wait();
    /// Like wait(), but returns nullopt while the process runs.
    Result<std::optional<int>> poll();
    Result<void> signal(int number);
    /// Also for what it starts from now on. Not before its program runs: until then our thread waits for it, so it
    /// would wait for others, too.
    void set_priority(Priority priority);
    /// Signals the process group that the child leads. REQUIRES: started with new_session, not waited for yet.
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
    std::string input;        ///< written to the child's stdin
    size_t limit = 64u << 20; ///< bytes to keep of each stream; more is an error
    int64_t timeout = 0;      ///< nanoseconds; 0: no limit. When time is up the child is killed
};

/// Starts the command, writes its input, reads its output and waits. `command.input/output/error` are ignored.
/// REQUIRES, if there is input: SIGPIPE is ignored, as run_tool does.
Result<Output> run(const Command& command, const RunOptions& options = {});
/// Like run, but a non-zero status is an error with the last line of stderr.
Result<std::string> run_ok(const Command& command, const RunOptions& options = {});

/// All variables of this process. Only for programs that exec another one in their place.
Environment inherited_environment();
/// Makes `content` the stdin of this process, and of a program that it execs.
Result<void> become_input(std::string_view content);

/// Replaces this process with a program. Returns only on failure.
Unexpected exec(const std::vector<std::string>& argv, const Environment& environment);

struct Pipe {
    UniqueFd reader;
    UniqueFd writer;
};
Result<Pipe> make_pipe();

} // namespace quire::sys
