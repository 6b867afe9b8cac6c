#include "init/keeper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "init/command_group.h"
#include "sys/retry.h"

extern char** environ;

namespace quire::init {

namespace {

/// Pointers into the request and our own environment, prepared before the forks.
struct Prepared {
    std::vector<char*> argv;
    std::vector<char*> environment;
    const char* directory;
    std::string path;
};

Prepared prepare(const RunRequest& request)
{
    Prepared prepared{{}, {}, request.directory.c_str(), "/usr/local/bin:/usr/bin:/bin"};
    for (const std::string& argument : request.argv)
        prepared.argv.push_back(const_cast<char*>(argument.c_str()));
    auto name_length = [](const char* entry) { return std::strcspn(entry, "=") + 1; };
    auto add = [&](const char* entry) {
        size_t length = name_length(entry);
        std::erase_if(prepared.environment, [&](char* e) { return std::strncmp(e, entry, length) == 0; });
        prepared.environment.push_back(const_cast<char*>(entry));
        if (std::strncmp(entry, "PATH=", 5) == 0)
            prepared.path = entry + 5;
    };
    for (char** entry = environ; *entry; ++entry)
        add(*entry);
    for (const std::string& entry : request.environment)
        add(entry.c_str());
    prepared.argv.push_back(nullptr);
    prepared.environment.push_back(nullptr);
    return prepared;
}

/// Ends this process when its parent ends, also if that was before it could ask for it.
void die_with(pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(0);
}

class KeeperProcess {
public:
    /// `input` is -1 if there is none.
    KeeperProcess(const Prepared& prepared, const std::string& group, int input, int out, int err, int report)
        : m_prepared(prepared), m_group(group), m_input(input), m_out(out), m_err(err), m_report(report)
    {}

    [[noreturn]] void live(pid_t server)
    {
        die_with(server);
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        ::signal(SIGCHLD, SIG_DFL);
        close_the_rest();
        // vfork, since pages that two processes share are copied when either writes to them: the command writes to few
        // before it is another program, and we wait until then.
        pid_t keeper = ::getpid(), command = ::vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)
        if (command == 0)
            become_command(keeper);
        if (command < 0)
            fail(FailedStep::prepare);
        say({KeeperReport::started, static_cast<uint32_t>(command), 0, 0, 0});
        ::close(m_out);
        ::close(m_err);
        for (;;) {
            int status = 0;
            rusage used{};
            pid_t pid = sys::retry([&] { return ::wait4(-1, &status, 0, &used); });
            if (pid < 0)
                ::_exit(0); // nothing is left
            if (pid == command)
                say({KeeperReport::exited,
                     static_cast<uint32_t>(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)), clock(),
                     nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime),
                     static_cast<uint64_t>(used.ru_maxrss) << 10});
        }
    }

private:
    static int64_t clock()
    {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1'000'000'000 + now.tv_nsec;
    }

    static int64_t nanoseconds(const timeval& time) { return time.tv_sec * 1'000'000'000 + time.tv_usec * 1000; }

    void say(const KeeperReport& report)
    {
        [[maybe_unused]] ssize_t ignored = ::write(m_report, &report, sizeof report);
    }

    [[noreturn]] void fail(FailedStep step)
    {
        say({KeeperReport::failed, static_cast<uint32_t>(step), errno, 0, 0});
        ::_exit(127);
    }

    /// Moves our three descriptors to 3, 4 and 5 and closes all others, above all the pipes of other commands.
    void close_the_rest()
    {
        if (m_input >= 0)
            ::dup2(m_input, 0);
        int lifted[3] = {m_out, m_err, m_report};
        for (int& fd : lifted)
            fd = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
        for (int i = 0; i < 3; ++i)
            ::dup3(lifted[i], 3 + i, O_CLOEXEC);
        m_out = 3, m_err = 4, m_report = 5;
        if (::syscall(SYS_close_range, 6u, ~0u, 0u) < 0)
            for (int fd = 6; fd < 1024; ++fd)
                ::close(fd);
        int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0) { // without /dev in the image: a pipe that nobody writes to also ends
            int ends[2];
            if (::pipe2(ends, O_CLOEXEC) == 0) {
                ::close(ends[1]);
                null = ends[0];
            }
        }
        for (int fd = m_input >= 0 ? 1 : 0; fd <= 1; ++fd)
            ::dup2(null, fd);
        ::close(null);
    }

    [[noreturn]] void become_command(pid_t keeper)
    {
        die_with(keeper);
        ::setsid();
        if (!m_group.empty() && !enter_group(m_group.c_str()))
            fail(FailedStep::prepare);
        for (int number = 1; number < NSIG; ++number)
            if (number != SIGKILL && number != SIGSTOP)
                ::signal(number, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (::dup2(m_out, 1) < 0 || ::dup2(m_err, 2) < 0)
            fail(FailedStep::prepare);
        if (*m_prepared.directory && ::chdir(m_prepared.directory) < 0)
            fail(FailedStep::enter_directory);
        execute();
        fail(FailedStep::execute);
    }

    /// Like execvp, but uses the PATH of the command's own environment. On failure returns with errno set.
    void execute()
    {
        char** argv = const_cast<char**>(m_prepared.argv.data());
        char** environment = const_cast<char**>(m_prepared.environment.data());
        if (std::strchr(argv[0], '/')) {
            ::execve(argv[0], argv, environment);
            return;
        }
        int result = ENOENT;
        std::string_view path = m_prepared.path;
        for (bool more = true; more;) {
            size_t end = path.find(':');
            std::string candidate(path.substr(0, end));
            candidate += candidate.empty() ? "./" : "/";
            candidate += argv[0];
            ::execve(candidate.c_str(), argv, environment);
            if (errno != ENOENT && errno != ENOTDIR)
                result = errno;
            more = end != std::string_view::npos;
            path.remove_prefix(more ? end + 1 : path.size());
        }
        errno = result;
    }

    const Prepared& m_prepared;
    const std::string& m_group;
    int m_input, m_out, m_err, m_report;
};

struct Ends {
    UniqueFd reader, writer;
};

std::optional<Ends> make_ends(int size)
{
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) < 0)
        return std::nullopt;
    if (size > 0)
        ::fcntl(fds[0], F_SETPIPE_SZ, size); // fewer process switches; a refusal is fine
    return Ends{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// A file in memory, at its beginning, so that nobody has to feed the command while it reads.
UniqueFd make_input(std::string_view bytes)
{
    UniqueFd memory(::memfd_create("stdin", MFD_CLOEXEC));
    while (memory && !bytes.empty()) {
        ssize_t wrote = sys::retry([&] { return ::write(memory.get(), bytes.data(), bytes.size()); });
        if (wrote <= 0)
            return UniqueFd();
        bytes.remove_prefix(static_cast<size_t>(wrote));
    }
    if (!memory || ::lseek(memory.get(), 0, SEEK_SET) < 0)
        return UniqueFd();
    return memory;
}

} // namespace

std::optional<Keeper> start_keeper(const RunRequest& request, const std::string& group)
{
    constexpr int pipe_size = 1 << 20;
    auto out = make_ends(pipe_size), err = make_ends(pipe_size), report = make_ends(0);
    if (!out || !err || !report)
        return std::nullopt;
    UniqueFd input;
    if (!request.input.empty() && !(input = make_input(request.input)))
        return std::nullopt;
    Prepared prepared = prepare(request);
    pid_t server = ::getpid(), pid = ::fork();
    if (pid < 0)
        return std::nullopt;
    if (pid == 0)
        KeeperProcess(prepared, group, input ? input.get() : -1, out->writer.get(), err->writer.get(),
                      report->writer.get())
            .live(server);
    return Keeper{pid, std::move(report->reader), std::move(out->reader), std::move(err->reader)};
}

} // namespace quire::init
