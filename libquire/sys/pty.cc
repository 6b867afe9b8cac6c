#include "sys/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/retry.h"
#include "sys/signals.h"

namespace quire::sys {

namespace {

/// Our terminal passes every byte on as it is, for as long as this lives.
class RawTerminal {
public:
    RawTerminal()
    {
        if (::tcgetattr(0, &m_before) < 0)
            return;
        termios raw = m_before;
        ::cfmakeraw(&raw);
        m_is_raw = ::tcsetattr(0, TCSADRAIN, &raw) == 0;
    }
    ~RawTerminal()
    {
        if (m_is_raw)
            ::tcsetattr(0, TCSADRAIN, &m_before);
    }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

private:
    termios m_before{};
    bool m_is_raw = false;
};

struct PseudoTerminal {
    UniqueFd ours, theirs;
};

Result<PseudoTerminal> open_pseudo_terminal()
{
    PseudoTerminal pair{UniqueFd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)), {}};
    char name[128];
    if (!pair.ours || ::grantpt(pair.ours.get()) < 0 || ::unlockpt(pair.ours.get()) < 0 ||
        ::ptsname_r(pair.ours.get(), name, sizeof name) != 0)
        return fail_errno("make a terminal");
    pair.theirs = TRY(open_at(AT_FDCWD, name, O_RDWR | O_NOCTTY));
    return pair;
}

void pass_on_size(int terminal)
{
    winsize size{};
    if (::ioctl(0, TIOCGWINSZ, &size) == 0)
        (void)::ioctl(terminal, TIOCSWINSZ, &size);
}

/// false: there is no more, or nobody takes it.
bool pass_on(int from, int to)
{
    char buffer[16384];
    ssize_t got = retry([&] { return ::read(from, buffer, sizeof buffer); });
    return got > 0 && write_all(to, std::string_view(buffer, static_cast<size_t>(got))).has_value();
}

} // namespace

bool has_terminal() { return ::isatty(0) == 1 && ::isatty(1) == 1; }

Result<int> run_on_terminal(Command command)
{
    PseudoTerminal terminal = TRY(open_pseudo_terminal());
    Signals signals = TRY(Signals::take({SIGWINCH, SIGHUP, SIGTERM}));
    pass_on_size(terminal.ours.get());
    command.input = command.output = command.error = terminal.theirs.get();
    command.new_session = true;
    Process child = TRY(spawn(command));
    terminal.theirs.reset();
    RawTerminal raw;
    bool is_open = true;
    while (is_open) {
        pollfd polls[] = {{0, POLLIN, 0}, {terminal.ours.get(), POLLIN, 0}, {signals.fd(), POLLIN, 0}};
        if (retry([&] { return ::poll(polls, 3, -1); }) < 0)
            break;
        while (auto number = signals.next()) {
            if (*number != SIGWINCH) {
                is_open = false;
                continue;
            }
            pass_on_size(terminal.ours.get());
            (void)child.signal_group(SIGWINCH); // an engine's client has no terminal that would tell it
        }
        if (polls[1].revents != 0)
            is_open = is_open && pass_on(terminal.ours.get(), 1); // fails when the last of them has let go
        if (polls[0].revents != 0)
            is_open = is_open && pass_on(0, terminal.ours.get());
    }
    terminal.ours.reset(); // a command that still runs is told by its terminal
    return child.wait();
}

} // namespace quire::sys
