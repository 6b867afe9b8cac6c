#include "ci/logs/command_log.h"

namespace quire::ci {

CommandLog::CommandLog(sys::Loop& loop, const Redactor& redactor, LogWriter writer, LoggedStreams logged,
                       Finished finished)
    : m_loop(loop), m_redactor(redactor), m_writer(std::move(writer)), m_logged(logged), m_out(redactor),
      m_err(redactor), m_finished(std::move(finished))
{}

CommandLog::~CommandLog() { m_loop.cancel(m_partial_timer); }

void CommandLog::output(Stream stream, std::string_view bytes)
{
    if (m_logged == LoggedStreams::errors_only && stream == Stream::out)
        return;
    Instant at = now();
    RedactedStream& redacted = stream == Stream::out ? m_out : m_err;
    redacted.feed(bytes, [&](std::string_view clean) { take(stream, clean, at); });
}

void CommandLog::take(Stream stream, std::string_view clean, Instant at)
{
    m_writer.write(stream, clean, at);
    if (m_listener)
        m_listener(stream, clean);
}

void CommandLog::settled()
{
    constexpr int64_t partial_delay = nanoseconds_per_second / 5; // long enough for a prompt or a progress line
    m_writer.flush();
    if (m_writer.has_partial() && m_partial_timer == 0)
        m_partial_timer = m_loop.after(partial_delay, [this] { show_partial(); });
}

void CommandLog::show_partial()
{
    m_partial_timer = 0;
    m_writer.show_partial(now());
    m_writer.flush();
}

void CommandLog::finished(CommandResult result)
{
    Instant at = now();
    m_out.finish([&](std::string_view clean) { take(Stream::out, clean, at); });
    m_err.finish([&](std::string_view clean) { take(Stream::err, clean, at); });
    result.reason = m_redactor.redact(result.reason);
    if (!result.reason.empty())
        m_writer.note("quire: " + result.reason, at);
    m_writer.finish(at);
    std::optional<Error> error = m_writer.error();
    Finished callback = std::move(m_finished);
    callback(std::move(result), std::move(error));
}

} // namespace quire::ci
