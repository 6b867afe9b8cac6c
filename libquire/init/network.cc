#include "init/network.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "init/fence.h"
#include "sys/retry.h"

namespace quire::init {

namespace {

constexpr int exit_failed = 111;
constexpr const char* advice = "; without a network, (ci.network false), a sandbox needs none of this";

constexpr const char* interface_name = "tap0";

/// The process that the warden watches and passes TERM on to.
volatile sig_atomic_t command_pid = 0;

void hand_on(int number)
{
    if (command_pid > 0)
        ::kill(command_pid, number);
}

/// Prints a line on stderr, which quire-ci gives as the reason.
[[gnu::format(printf, 1, 2)]] int complain(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    std::fputs("quire-init: ", stderr);
    std::vfprintf(stderr, format, arguments);
    std::fputc('\n', stderr);
    va_end(arguments);
    return exit_failed;
}

int exit_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

int wait_for(pid_t pid)
{
    int status = 0;
    return sys::retry([&] { return ::waitpid(pid, &status, 0); }) < 0 ? exit_failed : exit_code(status);
}

struct Pipe {
    UniqueFd reader, writer;
};

std::optional<Pipe> make_pipe()
{
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) < 0)
        return std::nullopt;
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

bool write_file(const char* path, const std::string& text)
{
    UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
    return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t written = sys::retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
        if (written < 0)
            return false;
        bytes.remove_prefix(static_cast<size_t>(written));
    }
    return true;
}

/// Returns 0 at the end.
char read_byte(int fd)
{
    char byte = 0;
    return sys::retry([&] { return ::read(fd, &byte, 1); }) == 1 ? byte : '\0';
}

/// Called first in a child. The check of the parent covers one that died before the call.
void die_with(pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(exit_failed);
}

UniqueFd open_pid(pid_t pid) { return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

/// Closes our streams, so that others can see their end.
void let_go_of_streams()
{
    UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    for (int fd : {0, 1})
        ::dup2(null.get(), fd);
}

pid_t spawn(char** argv, int input = -1, int output = -1)
{
    pid_t self = ::getpid();
    pid_t pid = ::fork();
    if (pid != 0)
        return pid;
    die_with(self);
    ::signal(SIGPIPE, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    if ((input >= 0 && ::dup2(input, 0) < 0) || (output >= 0 && ::dup2(output, 1) < 0))
        ::_exit(exit_failed);
    ::execv(argv[0], argv);
    ::_exit(complain("cannot start %s: %s", argv[0], std::strerror(errno)));
}

// ---- the holder

bool raise_loopback()
{
    UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    return fd && ::ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0;
}

enum class Entered : char { no = 0, network = 'n', user_too = 'u' };

/// Makes a user namespace too if the network namespace needs it. We are root in it, because slirp4netns wants that.
Entered enter_namespace()
{
    if (::unshare(CLONE_NEWNET) == 0)
        return Entered::network;
    std::string user = std::to_string(::geteuid()), group = std::to_string(::getegid());
    bool entered = ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && write_file("/proc/self/setgroups", "deny") &&
                   write_file("/proc/self/uid_map", "0 " + user + " 1") &&
                   write_file("/proc/self/gid_map", "0 " + group + " 1");
    return entered ? Entered::user_too : Entered::no;
}

void offer_resolv_conf()
{
    std::string text = inside_resolv_conf(read_resolv_conf());
    UniqueFd file(::memfd_create("resolv.conf", MFD_CLOEXEC));
    if (file && write_all(file.get(), text) && ::lseek(file.get(), 0, SEEK_SET) == 0)
        ::dup2(file.get(), resolv_conf_fd);
}

/// Sets what a router would announce a second later. Does nothing if either side lacks IPv6.
void configure_ipv6()
{
    constexpr uint8_t bits = 64;
    auto socket = RouteSocket::open(false);
    if (socket && socket->add_address(interface_name, *parse_prefix(inside_address_6), bits))
        socket->add_default_route(interface_name, *parse_prefix(inside_gateway_6));
}

struct Holder {
    pid_t pid = -1;
    UniqueFd to, from;
};

/// Runs inside the fence: reads prefixes, until the command ends if it runs here.
[[noreturn]] void hold(int input, int output, char** command, bool ipv6)
{
    ::signal(SIGTERM, SIG_IGN); // the warden handles it
    Entered entered = enter_namespace();
    if (entered == Entered::no || !raise_loopback())
        ::_exit(complain("cannot make a network namespace: %s%s", std::strerror(errno), advice));
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a change of credentials has undone the first call
    write_all(output, {reinterpret_cast<const char*>(&entered), 1});
    auto fence = Fence::make({*parse_prefix(inside_name_server), *parse_prefix(inside_name_server_6)});
    if (!fence)
        ::_exit(complain("cannot make the rules of a network namespace: %s", std::strerror(errno)));
    UniqueFd ended;
    bool is_set_up = false;
    for (;;) {
        pollfd polled[] = {{input, POLLIN, 0}, {ended.get(), POLLIN, 0}};
        if (sys::retry([&] { return ::poll(polled, 2, -1); }) < 0)
            ::_exit(exit_failed);
        if (polled[1].revents != 0)
            ::_exit(wait_for(command_pid));
        Prefix prefix;
        if (::read(input, &prefix, sizeof prefix) != sizeof prefix)
            ::_exit(exit_failed);
        if (prefix.family != 0) {
            if (!fence->add(prefix))
                ::_exit(complain("cannot keep a job from an address: %s", std::strerror(errno)));
            continue;
        }
        if (ipv6 && !is_set_up)
            configure_ipv6();
        is_set_up = true;
        if (command && !ended) {
            offer_resolv_conf();
            pid_t pid = spawn(command);
            ::close(resolv_conf_fd);
            if (pid < 0)
                ::_exit(exit_failed);
            command_pid = pid;
            ended = open_pid(pid);
            let_go_of_streams();
        }
        write_all(output, "r");
    }
}

Holder start_holder(char** command, bool ipv6)
{
    auto to = make_pipe(), from = make_pipe();
    pid_t self = ::getpid();
    pid_t pid = to && from ? ::fork() : -1;
    if (pid < 0)
        return {};
    if (pid == 0) {
        die_with(self);
        to->writer.reset();
        from->reader.reset();
        hold(to->reader.get(), from->writer.get(), command, ipv6);
    }
    return {pid, std::move(to->writer), std::move(from->reader)};
}

// ---- the translator

struct Translator {
    pid_t pid = -1;
    UniqueFd life; ///< slirp4netns exits when this is closed
};

/// Whether the machine uses IPv6 for more than talking to itself.
bool has_ipv6(const std::vector<Prefix>& own)
{
    for (const Prefix& prefix : own) {
        bool is_loopback = std::memcmp(prefix.bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16) == 0;
        bool is_link_local = prefix.bytes[0] == 0xfe && (prefix.bytes[1] & 0xc0) == 0x80;
        if (prefix.family == AF_INET6 && prefix.length == 128 && !is_loopback && !is_link_local)
            return true;
    }
    return false;
}

/// The last line of what slirp4netns said that tells something. Its parent says besides that its child has failed.
std::string last_line(int fd)
{
    char buffer[4096];
    ssize_t got = ::pread(fd, buffer, sizeof buffer, std::max<off_t>(0, ::lseek(fd, 0, SEEK_END) - 4096));
    std::string text(buffer, got > 0 ? static_cast<size_t>(got) : 0);
    std::string line;
    do {
        while (!text.empty() && text.back() == '\n')
            text.pop_back();
        line = text.substr(text.rfind('\n') + 1);
        text.resize(text.size() - line.size());
    } while (line.starts_with("child failed(") && !text.empty());
    return line;
}

/// slirp4netns gives itself a root of its own and takes the old one down, and where it is root, with the mounts that it
/// shares with the machine: of podman's network namespaces, none would be left. It gets mounts that it doesn't share.
bool share_no_mounts()
{
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0;
}

Translator start_translator(const char* path, pid_t holder, Entered entered, bool ipv6)
{
    auto ready = make_pipe(), life = make_pipe();
    UniqueFd said(::memfd_create("slirp4netns", MFD_CLOEXEC));
    if (!ready || !life || !said)
        return {};
    std::vector<std::string> words = {path,
                                      "--configure",
                                      "--mtu=65520",
                                      std::string("--cidr=") + inside_network,
                                      "--disable-host-loopback",
                                      "--enable-sandbox",
                                      "--enable-seccomp",
                                      "--ready-fd=3",
                                      "--exit-fd=4"};
    if (ipv6)
        words.emplace_back("--enable-ipv6");
    std::string target = std::to_string(holder);
    if (entered == Entered::user_too)
        words.push_back("--userns-path=/proc/" + target + "/ns/user");
    words.insert(words.end(), {target, interface_name});
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t self = ::getpid();
    pid_t pid = ::fork();
    if (pid == 0) {
        die_with(self);
        let_go_of_streams();
        ::signal(SIGTERM, SIG_DFL);
        int lifted[] = {::fcntl(ready->writer.get(), F_DUPFD, 20), ::fcntl(life->reader.get(), F_DUPFD, 20)};
        ::dup2(said.get(), 2); // on stdout are warnings, which come after the reason
        ::dup2(lifted[0], 3);
        ::dup2(lifted[1], 4);
        ::close(lifted[0]);
        ::close(lifted[1]);
        if (entered == Entered::network && !share_no_mounts())
            ::_exit(complain("cannot give it mounts of its own: %s", std::strerror(errno)));
        ::execv(argv[0], argv.data());
        ::_exit(complain("cannot start it: %s", std::strerror(errno)));
    }
    ready->writer.reset();
    life->reader.reset();
    if (pid < 0 || !read_byte(ready->reader.get())) {
        complain("%s: %s%s", path, last_line(said.get()).c_str(), advice);
        return {};
    }
    return {pid, std::move(life->writer)};
}

// ---- the warden

class Warden {
public:
    /// Returns false after having printed the reason.
    bool start()
    {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // when quire-ci ends
        ::signal(SIGTERM, hand_on);
        m_machine = RouteSocket::open(true);
        if (m_machine && m_machine->read_own(m_own))
            return true;
        complain("cannot read this machine's addresses: %s", std::strerror(errno));
        return false;
    }

    /// Makes the namespace and its way out. `command` runs in it once the fence is there. Returns 0 or an exit code.
    int make_namespace(const char* translator, char** command)
    {
        bool ipv6 = has_ipv6(m_own);
        m_holder = start_holder(command, ipv6);
        Entered entered{read_byte(m_holder.from.get())};
        if (entered == Entered::no)
            return m_holder.pid > 0 ? wait_for(m_holder.pid) : complain("no process: %s", std::strerror(errno));
        m_translator = start_translator(translator, m_holder.pid, entered, ipv6);
        if (m_translator.pid < 0)
            return exit_failed;
        for (const char* text : {inside_network, inside_network_6})
            m_own.push_back(*parse_prefix(text));
        return 0;
    }

    void use(Holder holder) { m_holder = std::move(holder); }

    /// Waits until the fence holds for all known addresses.
    bool fence()
    {
        m_own.push_back(Prefix{});
        bool sent =
            write_all(m_holder.to.get(), {reinterpret_cast<const char*>(m_own.data()), m_own.size() * sizeof(Prefix)});
        m_own.clear();
        return sent && read_byte(m_holder.from.get());
    }

    pid_t holder() const { return m_holder.pid; }

    /// Waits until the command has ended and returns its exit code.
    int watch(pid_t command)
    {
        command_pid = command;
        let_go_of_streams();
        UniqueFd ended = open_pid(command);
        UniqueFd others[] = {m_holder.pid == command ? UniqueFd() : open_pid(m_holder.pid),
                             m_translator.pid > 0 ? open_pid(m_translator.pid) : UniqueFd()};
        for (;;) {
            pollfd polled[] = {{ended.get(), POLLIN, 0},
                               {m_machine->fd(), POLLIN, 0},
                               {others[0].get(), POLLIN, 0},
                               {others[1].get(), POLLIN, 0}};
            if (::poll(polled, 4, -1) < 0 && errno != EINTR)
                return exit_failed;
            if (polled[0].revents != 0)
                return end(command);
            bool changed = polled[1].revents == 0 || tell_changes();
            if (polled[2].revents == 0 && polled[3].revents == 0 && changed)
                continue;
            ::kill(command, SIGKILL);
            return complain("the sandbox's network has ended");
        }
    }

private:
    int end(pid_t command)
    {
        int code = wait_for(command);
        m_holder.to.reset();
        if (m_translator.pid < 0) // an engine's: its container is removed once it has exited
            wait_for(m_holder.pid);
        return code;
    }

    bool tell_changes()
    {
        if (!m_machine->read_changes(m_own) && !m_machine->read_own(m_own))
            return false;
        return m_own.empty() || fence();
    }

    std::optional<RouteSocket> m_machine;
    std::vector<Prefix> m_own; ///< addresses that the fence does not have yet
    Holder m_holder;
    Translator m_translator;
};

} // namespace

std::string inside_resolv_conf(std::string_view outside)
{
    bool has[2] = {false, false}; // IPv4, IPv6
    for (const std::string& server : name_servers_of(outside))
        has[server.find(':') != std::string::npos] = true;
    std::string text;
    if (has[0] || !has[1])
        text += std::string("nameserver ") + inside_name_server + "\n";
    if (has[1])
        text += std::string("nameserver ") + inside_name_server_6 + "\n";
    while (!outside.empty()) {
        std::string_view line = outside.substr(0, outside.find('\n'));
        outside.remove_prefix(std::min(outside.size(), line.size() + 1));
        if (line.starts_with("search") || line.starts_with("domain") || line.starts_with("options"))
            text.append(line) += '\n';
    }
    return text;
}

int run_inside(const char* translator, char** command)
{
    Warden warden;
    if (!warden.start())
        return exit_failed;
    if (int code = warden.make_namespace(translator, command))
        return code;
    if (!warden.fence())
        return wait_for(warden.holder());
    return warden.watch(warden.holder());
}

int run_named(const char* translator, char** command)
{
    Warden warden;
    if (!warden.start())
        return exit_failed;
    if (int code = warden.make_namespace(translator, nullptr))
        return code;
    if (!warden.fence())
        return wait_for(warden.holder());
    std::string path = "/proc/" + std::to_string(warden.holder()) + "/ns/net";
    std::vector<std::string> words;
    for (char** word = command; *word; ++word) {
        words.emplace_back(*word);
        if (size_t at = words.back().find(namespace_mark); at != std::string::npos)
            words.back().replace(at, std::strlen(namespace_mark), path);
    }
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = spawn(argv.data());
    return pid < 0 ? complain("no process: %s", std::strerror(errno)) : warden.watch(pid);
}

int run_behind(char** fence, char** command)
{
    Warden warden;
    auto to = make_pipe(), from = make_pipe();
    if (!to || !from || !warden.start())
        return exit_failed;
    pid_t gate = spawn(fence, to->reader.get(), from->writer.get());
    to->reader.reset();
    from->writer.reset();
    warden.use({gate, std::move(to->writer), std::move(from->reader)});
    if (gate < 0 || !warden.fence())
        return gate < 0 ? exit_failed : wait_for(gate);
    pid_t pid = spawn(command);
    return pid < 0 ? complain("no process: %s", std::strerror(errno)) : warden.watch(pid);
}

} // namespace quire::init
