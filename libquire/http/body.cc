#include "http/body.h"

#include <signal.h>

#include <algorithm>

#include "sys/file.h"

namespace quire::http {

namespace {

class ProcessBody : public BodySource {
public:
    ProcessBody(std::string name, sys::Process process, UniqueFd output, int room, const ProcessBodyOptions& options)
        : m_name(std::move(name)), m_process(std::move(process)), m_output(std::move(output)),
          m_ample(std::min(ample, room / 2)), m_size(options.size), m_most(options.most),
          m_deadline(monotonic_now() + options.lifetime)
    {}
    ProcessBody(const ProcessBody&) = delete;
    ProcessBody& operator=(const ProcessBody&) = delete;

    ~ProcessBody() override
    {
        if (m_has_ended)
            return;
        (void)m_process.signal_group(SIGKILL);
        (void)m_process.wait(); // it was killed
    }

    std::optional<uint64_t> size() const override { return m_size; }

    Result<Pull> pull(char* buffer, size_t size) override
    {
        if (monotonic_now() > m_deadline)
            return fail(ErrorKind::busy, "{} took too long", m_name);
        if (m_output) {
            auto got = TRY(sys::read_ready(m_output.get(), buffer, size));
            if (!got) {
                Pull wait = Pull::wait(m_output.get(), m_deadline);
                wait.enough = m_printed > first ? m_ample : 1;
                return wait;
            }
            m_printed += *got;
            if (m_printed > m_most)
                return fail(ErrorKind::refused, "{} printed more than {} bytes", m_name, m_most);
            if (*got > 0)
                return Pull::some(*got);
            m_output.reset();
        }
        auto status = TRY(m_process.poll());
        if (!status)
            return Pull::wait(m_process.pidfd(), m_deadline);
        m_has_ended = true;
        if (*status != 0)
            return fail(ErrorKind::system, "{} ended with {}", m_name, *status);
        return Pull::end();
    }

private:
    /// To put the connection aside and to take it up again costs more than to send some KiB. A short answer never
    /// waits.
    static constexpr uint64_t first = 64u << 10;
    static constexpr int ample = 128 << 10;

    std::string m_name;
    sys::Process m_process;
    UniqueFd m_output;
    int m_ample; ///< a pipe that the kernel would not enlarge never holds so much
    std::optional<uint64_t> m_size;
    uint64_t m_most, m_printed = 0;
    int64_t m_deadline;
    bool m_has_ended = false;
};

class FileBody : public BodySource {
public:
    FileBody(UniqueFd file, uint64_t size, uint64_t offset) : m_file(std::move(file)), m_size(size), m_offset(offset) {}

    std::optional<uint64_t> size() const override { return m_size; }

    Result<Pull> pull(char* buffer, size_t size) override
    {
        size = static_cast<size_t>(std::min<uint64_t>(size, m_size - m_sent));
        if (size == 0)
            return Pull::end();
        size_t got = TRY(sys::read_into(m_file.get(), m_offset + m_sent, buffer, size));
        if (got == 0)
            return fail(ErrorKind::system, "a file became shorter while it was sent");
        m_sent += got;
        return Pull::some(got);
    }

private:
    UniqueFd m_file;
    uint64_t m_size, m_offset, m_sent = 0;
};

} // namespace

Result<std::shared_ptr<BodySource>> process_body(sys::Command command, ProcessBodyOptions options)
{
    UniqueFd input;
    if (!options.input.empty())
        input = TRY(sys::memory_file(options.input));
    sys::Pipe output = TRY(sys::make_pipe());
    TRY(sys::set_nonblocking(output.reader.get()));
    int room = sys::enlarge_pipe(output.reader.get(), 1 << 20); // whenever it is empty, the connection is put aside
    command.input = input.get();
    command.output = output.writer.get();
    command.new_session = true;
    sys::Process process = TRY(sys::spawn(command));
    // git makes a pack in one process and passes it on, every 8 KiB, through another. Woken at once, the second would
    // interrupt the first each time.
    process.set_priority(sys::Priority::batch);
    std::string name = command.argv[0];
    if (command.argv.size() > 1)
        name += " " + command.argv[1];
    return std::shared_ptr<BodySource>(
        std::make_shared<ProcessBody>(std::move(name), std::move(process), std::move(output.reader), room, options));
}

std::shared_ptr<BodySource> file_body(UniqueFd file, uint64_t size, uint64_t offset)
{
    return std::make_shared<FileBody>(std::move(file), size, offset);
}

} // namespace quire::http
