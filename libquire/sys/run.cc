// run() of sys/process.h: one poll loop that feeds stdin and drains stdout and stderr.
#include <poll.h>
#include <signal.h>

#include "base/strings.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/retry.h"

namespace quire::sys {

namespace {

class Conversation {
public:
    Conversation(const Command& command, const RunOptions& options) : m_command(command), m_options(options) {}

    Result<Output> hold()
    {
        Pipe in = TRY(make_pipe());
        Pipe out = TRY(make_pipe());
        Pipe err = TRY(make_pipe());
        Command command = m_command;
        command.input = in.reader.get();
        command.output = out.writer.get();
        command.error = err.writer.get();
        Process process = TRY(spawn(command));
        in.reader.reset();
        out.writer.reset();
        err.writer.reset();
        m_input = std::move(in.writer);
        m_out = std::move(out.reader);
        m_err = std::move(err.reader);
        ::fcntl(m_input.get(), F_SETFL, O_NONBLOCK);
        auto exchanged = exchange();
        if (!exchanged)
            (void)process.signal(SIGKILL);
        m_output.status = TRY(process.wait());
        if (!exchanged)
            return Unexpected(std::move(exchanged).error());
        return std::move(m_output);
    }

private:
    Result<void> exchange()
    {
        int64_t deadline = m_options.timeout > 0 ? monotonic_now() + m_options.timeout : 0;
        while (m_out || m_err) {
            feed();
            pollfd polls[3] = {{m_out.get(), POLLIN, 0}, {m_err.get(), POLLIN, 0}, {m_input.get(), POLLOUT, 0}};
            int wait = -1;
            if (deadline > 0) {
                int64_t left = deadline - monotonic_now();
                if (left <= 0)
                    return fail(ErrorKind::busy, "{}: took longer than {} seconds", m_command.argv[0],
                                m_options.timeout / nanoseconds_per_second);
                wait = static_cast<int>(left / 1'000'000) + 1;
            }
            if (retry([&] { return ::poll(polls, 3, wait); }) < 0)
                return fail_errno("poll");
            if (polls[0].revents != 0)
                TRY(drain(m_out, m_output.out));
            if (polls[1].revents != 0)
                TRY(drain(m_err, m_output.err));
        }
        return {};
    }

    void feed()
    {
        std::string_view rest = std::string_view(m_options.input).substr(m_fed);
        if (!m_input)
            return;
        if (!rest.empty()) {
            ssize_t written = ::write(m_input.get(), rest.data(), rest.size());
            if (written > 0)
                m_fed += static_cast<size_t>(written);
            else if (errno != EAGAIN && errno != EINTR)
                m_fed = m_options.input.size(); // the child does not want the rest
        }
        if (m_fed == m_options.input.size())
            m_input.reset();
    }

    Result<void> drain(UniqueFd& fd, std::string& into)
    {
        std::string piece = TRY(read_some(fd.get(), 65536));
        if (piece.empty())
            fd.reset();
        into += piece;
        if (into.size() > m_options.limit)
            return fail(ErrorKind::invalid, "{}: printed more than {} bytes", m_command.argv[0], m_options.limit);
        return {};
    }

    const Command& m_command;
    const RunOptions& m_options;
    UniqueFd m_input, m_out, m_err;
    size_t m_fed = 0;
    Output m_output;
};

} // namespace

Result<Output> run(const Command& command, const RunOptions& options) { return Conversation(command, options).hold(); }

Result<std::string> run_ok(const Command& command, const RunOptions& options)
{
    Output output = TRY(run(command, options));
    if (output.status == 0)
        return std::move(output.out);
    std::string_view text = trim(output.err);
    std::string_view last = text.substr(text.rfind('\n') + 1);
    std::string name = command.argv[0];
    if (name == "git" && command.argv.size() > 1)
        name += " " + command.argv[1];
    return fail(ErrorKind::system, "{} ended with {}{}{}", name, output.status, last.empty() ? "" : ": ", last);
}

} // namespace quire::sys
