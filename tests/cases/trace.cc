#include "trace.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "sys/file.h"

namespace quire::cases {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& strings)
{
    std::vector<char*> result;
    for (const std::string& string : strings)
        result.push_back(const_cast<char*>(string.c_str()));
    result.push_back(nullptr);
    return result;
}

std::string read_memory(pid_t pid, uint64_t address, size_t size)
{
    std::string buffer(size, '\0');
    iovec local{buffer.data(), size};
    iovec remote{reinterpret_cast<void*>(address), size};
    ssize_t got = ::process_vm_readv(pid, &local, 1, &remote, 1, 0);
    buffer.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
    return buffer;
}

/// A string may end right before an unmapped page: read it in small steps.
std::string read_string(pid_t pid, uint64_t address)
{
    std::string text;
    while (address != 0 && text.size() < 8192) {
        std::string piece = read_memory(pid, address + text.size(), 64 - (address + text.size()) % 64);
        size_t end = piece.find('\0');
        text += piece.substr(0, end);
        if (piece.empty() || end != std::string::npos)
            break;
    }
    return text;
}

/// Which argument of a call is a path: the first, the second, or none.
int path_argument(uint64_t number)
{
    switch (number) {
    case SYS_openat:
    case SYS_openat2:
    case SYS_newfstatat:
    case SYS_statx:
    case SYS_readlinkat:
    case SYS_faccessat:
    case SYS_faccessat2:
    case SYS_mkdirat:
    case SYS_unlinkat:
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_fchmodat:
    case SYS_fchownat:
    case SYS_utimensat:
    case SYS_mknodat:
        return 1;
    case SYS_truncate:
    case SYS_chdir:
    case SYS_statfs:
#ifdef __x86_64__
    case SYS_open:
    case SYS_creat:
    case SYS_stat:
    case SYS_lstat:
    case SYS_access:
    case SYS_readlink:
    case SYS_mkdir:
    case SYS_unlink:
    case SYS_rename:
    case SYS_chmod:
#endif
        return 0;
    default:
        return -1;
    }
}

class Tracer {
public:
    explicit Tracer(pid_t first) : m_first(first) {}

    Result<Trace> follow()
    {
        int status = 0;
        if (::waitpid(m_first, &status, 0) < 0 || !WIFSTOPPED(status))
            return fail(ErrorKind::refused, "ptrace is not allowed here");
        long options =
            PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
        if (::ptrace(PTRACE_SETOPTIONS, m_first, 0, options) < 0)
            return fail_errno("trace a process");
        ::ptrace(PTRACE_SYSCALL, m_first, 0, 0);
        for (;;) {
            pid_t pid = ::waitpid(-1, &status, __WALL);
            if (pid < 0)
                return std::move(m_trace);
            if (WIFSTOPPED(status))
                handle_stop(pid, status);
            else if (pid == m_first)
                m_trace.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
    }

private:
    void handle_stop(pid_t pid, int status)
    {
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            note_call(pid);
            signal = 0;
        } else if (status >> 16 != 0) {
            m_trace.started.emplace_back("fork");
            signal = 0;
        } else if (signal == SIGSTOP || signal == SIGTRAP) {
            signal = 0; // a new child's first stop, or the one after an exec
        }
        ::ptrace(PTRACE_SYSCALL, pid, 0, signal);
    }

    void note_call(pid_t pid)
    {
        __ptrace_syscall_info info{};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY)
            return;
        uint64_t number = info.entry.nr;
        const auto& arguments = info.entry.args;
        if (number == SYS_execve || number == SYS_execveat) {
            if (m_running)
                m_trace.started.push_back(read_string(pid, arguments[number == SYS_execve ? 0 : 1]));
            m_running = true;
        }
        if (!m_running)
            return;
        if (int index = path_argument(number); index >= 0)
            m_trace.paths.push_back(read_string(pid, arguments[index]));
        if (number == SYS_sendto) {
            std::string to = arguments[4] != 0 ? read_string(pid, arguments[4] + offsetof(sockaddr_un, sun_path)) : "";
            m_trace.sent.push_back(to + " " + read_memory(pid, arguments[1], arguments[2]));
        }
    }

    pid_t m_first;
    bool m_running = false; ///< past the exec that is our own
    Trace m_trace;
};

[[noreturn]] void become(char** argv, char** environment, const char* directory, int in, int out, int err)
{
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(err, 2);
    bool ready = ::chdir(directory) == 0 && ::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0;
    if (ready) {
        ::raise(SIGSTOP);
        ::execve(argv[0], argv, environment);
    }
    ::_exit(126);
}

Result<UniqueFd> memory_file(std::string_view content)
{
    UniqueFd fd(::memfd_create("stream", MFD_CLOEXEC));
    if (!fd)
        return fail_errno("make a file in memory");
    TRY(sys::write_all(fd.get(), content));
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

} // namespace

Result<Trace> run_traced(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                         const std::string& directory, const std::string& input)
{
    UniqueFd in = TRY(memory_file(input));
    UniqueFd out = TRY(memory_file(""));
    UniqueFd err = TRY(memory_file(""));
    std::vector<char*> argv_pointers = pointers(argv);
    std::vector<char*> environment_pointers = pointers(environment);
    pid_t pid = ::fork();
    if (pid < 0)
        return fail_errno("start a case");
    if (pid == 0)
        become(argv_pointers.data(), environment_pointers.data(), directory.c_str(), in.get(), out.get(), err.get());
    Trace trace = TRY(Tracer(pid).follow());
    constexpr size_t limit = 1u << 20;
    trace.out = TRY(sys::read_at(out.get(), 0, limit));
    trace.err = TRY(sys::read_at(err.get(), 0, limit));
    return trace;
}

} // namespace quire::cases
