#include "sys/process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstdlib>

#include "base/strings.h"
#include "sys/file.h"
#include "sys/retry.h"
#include "sys/thread.h"

extern char** environ;

namespace quire::sys {

std::optional<std::string> process_variable(const char* name)
{
    const char* value = ::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
}

Environment base_environment()
{
    Environment environment;
    set_variable(environment, "PATH", default_path);
    for (const char* name : {"HOME", "LANG", "TZ"})
        if (auto value = process_variable(name))
            set_variable(environment, name, *value);
    return environment;
}

void set_variable(Environment& environment, std::string_view name, std::string_view value)
{
    std::erase_if(environment, [&](const std::string& entry) {
        return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
    });
    environment.push_back(fmt::format("{}={}", name, value));
}

std::optional<std::string> get_variable(const Environment& environment, std::string_view name)
{
    for (const std::string& entry : environment)
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
            return entry.substr(name.size() + 1);
    return std::nullopt;
}

Environment inherited_environment()
{
    Environment environment;
    for (char** entry = environ; *entry; ++entry)
        environment.emplace_back(*entry);
    return environment;
}

Result<void> become_input(std::string_view content)
{
    UniqueFd memory = TRY(memory_file(content));
    if (::dup2(memory.get(), 0) < 0)
        return fail_errno("replace standard input");
    return {};
}

static std::vector<char*> pointers(const std::vector<std::string>& strings)
{
    std::vector<char*> result;
    for (const std::string& string : strings)
        result.push_back(const_cast<char*>(string.c_str()));
    result.push_back(nullptr);
    return result;
}

Result<std::string> find_program(const std::string& program, const Environment& environment)
{
    if (program.find('/') != std::string::npos)
        return program;
    std::string path = get_variable(environment, "PATH").value_or(default_path);
    for (std::string_view directory : split(path, ':')) {
        std::string candidate = fmt::format("{}/{}", directory, program);
        if (directory.starts_with('/') && is_executable_file(AT_FDCWD, candidate))
            return candidate;
    }
    return Unexpected(
        Error{ErrorKind::not_found, ENOENT, fmt::format("{} is not installed (looked in {})", program, path)});
}

Unexpected exec(const std::vector<std::string>& argv, const Environment& environment)
{
    auto program = find_program(argv[0], environment);
    if (!program)
        return Unexpected(std::move(program).error());
    ::signal(SIGPIPE, SIG_DFL); // run_tool ignores it, and ignored signals survive exec
    ::execve(program->c_str(), pointers(argv).data(), pointers(environment).data());
    return fail_errno(fmt::format("start {}", *program));
}

Result<Pipe> make_pipe()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0)
        return fail_errno("make a pipe");
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

namespace {

/// What the child does between vfork and exec, in the parent's memory. It makes only async-signal-safe calls,
/// everything is prepared before, and it changes nothing but its own stack.
struct ChildPlan {
    const char* program;
    char** argv;
    char** environment;
    int directory;
    int streams[3];
    const std::vector<int>* inherit;
    bool new_session;

    [[noreturn, gnu::noinline]] void execute(int report) const
    {
        // The source of a stream may itself be 0, 1 or 2, so all three are moved out of the way first.
        int lifted[3];
        bool ok = true;
        for (int i = 0; i < 3; ++i)
            ok = ok && (lifted[i] = ::fcntl(streams[i], F_DUPFD_CLOEXEC, 10)) >= 0;
        for (int i = 0; ok && i < 3; ++i)
            ok = ::dup2(lifted[i], i) >= 0;
        for (size_t i = 0; ok && i < inherit->size(); ++i)
            ok = ::fcntl((*inherit)[i], F_SETFD, 0) >= 0;
        if (ok && new_session)
            ok = ::setsid() >= 0;
        if (ok && directory >= 0)
            ok = ::fchdir(directory) >= 0;
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::signal(SIGPIPE, SIG_DFL);
        if (ok)
            ::execve(program, argv, environment);
        int code = errno;
        [[maybe_unused]] ssize_t ignored = ::write(report, &code, sizeof code);
        ::_exit(127);
    }
};

/// Not fork: copying our page tables, and later every page that is touched, would cost more than everything else here.
/// Nothing else is in this function, because its registers are the child's, too.
[[gnu::noinline]] pid_t start_child(const ChildPlan& plan, int report)
{
    pid_t pid = ::vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)
    if (pid == 0)
        plan.execute(report);
    return pid;
}

} // namespace

Result<Process> spawn(const Command& command)
{
    std::string program = TRY(find_program(command.argv.at(0), command.environment));
    std::vector<char*> argv = pointers(command.argv);
    std::vector<char*> environment = pointers(command.environment);
    UniqueFd null = TRY(open_at(AT_FDCWD, "/dev/null", O_RDWR));
    auto or_null = [&](int fd) { return fd >= 0 ? fd : null.get(); };
    ChildPlan plan{program.c_str(),
                   argv.data(),
                   environment.data(),
                   command.directory,
                   {or_null(command.input), or_null(command.output), command.error >= 0 ? command.error : 2},
                   &command.inherit,
                   command.new_session};

    // A successful exec closes the write end; otherwise the errno comes through it.
    Pipe report = TRY(make_pipe());
    pid_t pid = start_child(plan, report.writer.get());
    if (pid < 0)
        return fail_errno(fmt::format("start {}", program));
    report.writer.reset();
    int code = 0;
    ssize_t got = retry([&] { return ::read(report.reader.get(), &code, sizeof code); });
    if (got != 0) {
        retry([&] { return ::waitpid(pid, nullptr, 0); });
        return fail_errno(fmt::format("start {}", program), got > 0 ? code : EIO);
    }
    return Process::of_child(pid, program);
}

Result<Process> Process::of_child(pid_t pid, std::string_view name)
{
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd)
        return fail_errno(fmt::format("watch {}", name));
    ::fcntl(pidfd.get(), F_SETFD, FD_CLOEXEC);
    return Process(pid, std::move(pidfd));
}

static int exit_code_of(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

Result<int> Process::wait()
{
    int status = 0;
    rusage used{};
    if (retry([&] { return ::wait4(m_pid, &status, 0, &used); }) < 0)
        return fail_errno(fmt::format("wait for process {}", m_pid));
    add_to_thread_cost(used);
    return exit_code_of(status);
}

Result<std::optional<int>> Process::poll()
{
    int status = 0;
    rusage used{};
    pid_t ended = retry([&] { return ::wait4(m_pid, &status, WNOHANG, &used); });
    if (ended < 0)
        return fail_errno(fmt::format("look at process {}", m_pid));
    add_to_thread_cost(used);
    return ended == 0 ? std::optional<int>() : exit_code_of(status);
}

Result<void> Process::signal(int number)
{
    if (::syscall(SYS_pidfd_send_signal, m_pidfd.get(), number, nullptr, 0) < 0 && errno != ESRCH)
        return fail_errno(fmt::format("signal process {}", m_pid));
    return {};
}

void Process::set_priority(Priority priority)
{
    constexpr int lowest = 19;
    sched_param none{};
    // If this fails, the process just has the same priority as others.
    if (priority != Priority::batch)
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(m_pid), lowest);
    if (priority != Priority::low)
        (void)::sched_setscheduler(m_pid, priority == Priority::batch ? SCHED_BATCH : SCHED_IDLE, &none);
}

Result<void> Process::signal_group(int number)
{
    if (::kill(-m_pid, number) < 0 && errno != ESRCH)
        return fail_errno(fmt::format("signal the processes of {}", m_pid));
    return {};
}

} // namespace quire::sys
